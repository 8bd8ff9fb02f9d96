import django.db.models.deletion
import shouwang.foundation.migration_operations
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('intake', '0001_initial'),
    ]

    operations = [
        shouwang.foundation.migration_operations.CreateTogether(
            operations=[
                migrations.CreateModel(
                    name='Household',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('region_code', models.CharField(max_length=12, verbose_name='区域')),
                        ('period', models.CharField(max_length=7, verbose_name='所属月份')),
                        ('columns', models.JSONField(default=dict, verbose_name='原列')),
                        ('secrets', models.BinaryField(null=True, verbose_name='敏感列（加密）')),
                        ('digest', models.CharField(max_length=64, verbose_name='行指纹')),
                        ('first_batch', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='intake.batch', verbose_name='首次来自')),
                        ('first_row', models.PositiveIntegerField(null=True, verbose_name='首次行号')),
                        ('batch', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='intake.batch', verbose_name='最近来自')),
                        ('row_number', models.PositiveIntegerField(null=True, verbose_name='最近行号')),
                        ('missing_since', models.CharField(blank=True, max_length=7, verbose_name='自何月起文件中没有')),
                        ('is_withdrawn', models.BooleanField(default=False, help_text='随批次撤销，或注销', verbose_name='不在册')),
                        ('closed_since', models.CharField(blank=True, max_length=7, verbose_name='自何月起注销')),
                        ('household_no', models.CharField(max_length=40, unique=True, verbose_name='户编号')),
                        ('head_name', models.CharField(max_length=60, verbose_name='户主姓名')),
                        ('household_type', models.CharField(blank=True, help_text='脱贫户、一般农户', max_length=20, verbose_name='户类型')),
                        ('registered_size', models.PositiveSmallIntegerField(null=True, verbose_name='家庭人口数')),
                        ('is_stub', models.BooleanField(default=False, verbose_name='仅由人口表建立')),
                    ],
                    options={
                        'verbose_name': '农户',
                        'indexes': [models.Index(condition=models.Q(('is_withdrawn', False)), fields=['region_code', 'household_no', 'household_type', 'missing_since', 'is_withdrawn'], name='household_list'), models.Index(condition=models.Q(('is_withdrawn', False)), fields=['household_type', 'region_code', 'household_no'], name='household_by_type'), models.Index(fields=['head_name', 'region_code', 'is_withdrawn'], name='household_by_head', opclasses=['varchar_pattern_ops', 'varchar_ops', 'bool_ops']), models.Index(condition=models.Q(('is_withdrawn', False)), fields=['missing_since', 'region_code'], name='household_missing')],
                        'constraints': [],
                    },
                ),
                migrations.CreateModel(
                    name='Change',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('batch', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='changes', to='intake.batch', verbose_name='批次')),
                        ('sheet', models.CharField(max_length=12, verbose_name='表')),
                        ('record_id', models.BigIntegerField(verbose_name='记录')),
                        ('row_number', models.PositiveIntegerField(null=True, verbose_name='行号')),
                        ('operation', models.CharField(choices=[('changed', '变更'), ('missing', '文件中没有'), ('revived', '恢复'), ('closed', '注销')], max_length=10, verbose_name='操作')),
                        ('before_state', models.JSONField(default=dict, verbose_name='变更前的批次与月份')),
                        ('fields', models.BinaryField(null=True, verbose_name='字段变化（加密）')),
                    ],
                    options={
                        'verbose_name': '档案变更',
                        'indexes': [models.Index(fields=['sheet', 'record_id'], name='registry_ch_sheet_48e821_idx'), models.Index(fields=['batch'], name='registry_ch_batch_i_bbd711_idx')],
                        'constraints': [],
                    },
                ),
                migrations.CreateModel(
                    name='Coverage',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('batch', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='coverage', to='intake.batch', verbose_name='批次')),
                        ('sheet', models.CharField(max_length=12, verbose_name='表')),
                        ('region_code', models.CharField(max_length=12, verbose_name='村')),
                        ('period', models.CharField(max_length=7, verbose_name='所属月份')),
                    ],
                    options={
                        'verbose_name': '文件覆盖的村',
                        'indexes': [models.Index(fields=['sheet', 'region_code'], name='registry_co_sheet_e0fffd_idx')],
                        'constraints': [],
                    },
                ),
                migrations.CreateModel(
                    name='Person',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('region_code', models.CharField(max_length=12, verbose_name='区域')),
                        ('period', models.CharField(max_length=7, verbose_name='所属月份')),
                        ('columns', models.JSONField(default=dict, verbose_name='原列')),
                        ('secrets', models.BinaryField(null=True, verbose_name='敏感列（加密）')),
                        ('digest', models.CharField(max_length=64, verbose_name='行指纹')),
                        ('first_batch', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='intake.batch', verbose_name='首次来自')),
                        ('first_row', models.PositiveIntegerField(null=True, verbose_name='首次行号')),
                        ('batch', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='intake.batch', verbose_name='最近来自')),
                        ('row_number', models.PositiveIntegerField(null=True, verbose_name='最近行号')),
                        ('missing_since', models.CharField(blank=True, max_length=7, verbose_name='自何月起文件中没有')),
                        ('is_withdrawn', models.BooleanField(default=False, help_text='随批次撤销，或注销', verbose_name='不在册')),
                        ('closed_since', models.CharField(blank=True, max_length=7, verbose_name='自何月起注销')),
                        ('person_no', models.CharField(max_length=40, unique=True, verbose_name='人口编号')),
                        ('household', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='persons', to='registry.household', verbose_name='所在户')),
                        ('name', models.CharField(max_length=60, verbose_name='姓名')),
                        ('sex', models.CharField(blank=True, max_length=4, verbose_name='性别')),
                        ('born_on', models.DateField(null=True, verbose_name='出生日期')),
                        ('relation', models.CharField(blank=True, max_length=20, verbose_name='与户主关系')),
                        ('labour_capacity', models.CharField(blank=True, max_length=20, verbose_name='劳动技能')),
                        ('identity_index', models.CharField(blank=True, max_length=64, verbose_name='证件盲索引')),
                    ],
                    options={
                        'verbose_name': '人口',
                        'indexes': [models.Index(condition=models.Q(('is_withdrawn', False)), fields=['region_code', 'person_no'], name='person_list'), models.Index(fields=['household', 'is_withdrawn', 'labour_capacity', 'relation'], name='person_of_household'), models.Index(fields=['identity_index'], name='person_by_identity'), models.Index(condition=models.Q(('is_withdrawn', False)), fields=['name', 'region_code'], name='person_by_name', opclasses=['varchar_pattern_ops', 'varchar_ops'])],
                        'constraints': [],
                    },
                ),
                migrations.CreateModel(
                    name='Monitoring',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('region_code', models.CharField(max_length=12, verbose_name='区域')),
                        ('period', models.CharField(max_length=7, verbose_name='所属月份')),
                        ('columns', models.JSONField(default=dict, verbose_name='原列')),
                        ('secrets', models.BinaryField(null=True, verbose_name='敏感列（加密）')),
                        ('digest', models.CharField(max_length=64, verbose_name='行指纹')),
                        ('first_batch', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='intake.batch', verbose_name='首次来自')),
                        ('first_row', models.PositiveIntegerField(null=True, verbose_name='首次行号')),
                        ('batch', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='intake.batch', verbose_name='最近来自')),
                        ('row_number', models.PositiveIntegerField(null=True, verbose_name='最近行号')),
                        ('missing_since', models.CharField(blank=True, max_length=7, verbose_name='自何月起文件中没有')),
                        ('is_withdrawn', models.BooleanField(default=False, help_text='随批次撤销，或注销', verbose_name='不在册')),
                        ('closed_since', models.CharField(blank=True, max_length=7, verbose_name='自何月起注销')),
                        ('household', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='monitoring', to='registry.household', verbose_name='农户')),
                        ('object_category', models.CharField(blank=True, max_length=20, verbose_name='监测对象类别')),
                        ('risks', models.JSONField(default=list, verbose_name='致贫返贫风险')),
                        ('identified_month', models.CharField(blank=True, max_length=7, verbose_name='识别监测时间')),
                        ('is_cleared', models.BooleanField(default=False, verbose_name='风险已消除')),
                        ('cleared_month', models.CharField(blank=True, max_length=7, verbose_name='消除监测时间')),
                    ],
                    options={
                        'verbose_name': '监测对象',
                        'indexes': [models.Index(fields=['region_code', 'object_category'], name='monitoring_list')],
                        'constraints': [],
                    },
                ),
                migrations.CreateModel(
                    name='OutWork',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('region_code', models.CharField(max_length=12, verbose_name='区域')),
                        ('period', models.CharField(max_length=7, verbose_name='所属月份')),
                        ('columns', models.JSONField(default=dict, verbose_name='原列')),
                        ('secrets', models.BinaryField(null=True, verbose_name='敏感列（加密）')),
                        ('digest', models.CharField(max_length=64, verbose_name='行指纹')),
                        ('first_batch', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='intake.batch', verbose_name='首次来自')),
                        ('first_row', models.PositiveIntegerField(null=True, verbose_name='首次行号')),
                        ('batch', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='intake.batch', verbose_name='最近来自')),
                        ('row_number', models.PositiveIntegerField(null=True, verbose_name='最近行号')),
                        ('missing_since', models.CharField(blank=True, max_length=7, verbose_name='自何月起文件中没有')),
                        ('is_withdrawn', models.BooleanField(default=False, help_text='随批次撤销，或注销', verbose_name='不在册')),
                        ('closed_since', models.CharField(blank=True, max_length=7, verbose_name='自何月起注销')),
                        ('person', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='out_work', to='registry.person', verbose_name='人口')),
                        ('is_working', models.BooleanField(null=True, verbose_name='已务工')),
                        ('place', models.CharField(blank=True, max_length=120, verbose_name='务工所在地')),
                    ],
                    options={
                        'verbose_name': '外出务工',
                        'indexes': [],
                        'constraints': [],
                    },
                ),
            ],
        ),
    ]
