import shouwang.foundation.migration_operations
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        shouwang.foundation.migration_operations.CreateTogether(
            operations=[
                migrations.CreateModel(
                    name='Region',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('code', models.CharField(max_length=12, verbose_name='区划代码')),
                        ('name', models.CharField(max_length=60, verbose_name='名称')),
                        ('short_name', models.CharField(help_text='去掉省、市、县、乡、村等后缀，用于按名称匹配', max_length=60, verbose_name='简称')),
                        ('initials', models.CharField(help_text='名称的，空格，各别名的', max_length=200, verbose_name='拼音首字母')),
                        ('other_names', models.CharField(blank=True, help_text='文件中的其他叫法和曾用名，用顿号分开', max_length=120, verbose_name='别名')),
                        ('level', models.PositiveSmallIntegerField(choices=[(0, '全国'), (1, '省级'), (2, '市级'), (3, '县级'), (4, '乡级'), (5, '村级')], verbose_name='层级')),
                        ('parent_code', models.CharField(blank=True, max_length=12, verbose_name='上级代码')),
                        ('has_own_parent', models.BooleanField(default=False, verbose_name='上级与代码不同')),
                        ('is_functional_zone', models.BooleanField(default=False, verbose_name='功能区')),
                        ('valid_from', models.DateField(verbose_name='启用日期')),
                        ('valid_to', models.DateField(blank=True, null=True, verbose_name='停用日期（不含）')),
                        ('successor_code', models.CharField(blank=True, max_length=12, verbose_name='并入或改为')),
                        ('source', models.CharField(max_length=120, verbose_name='来源')),
                    ],
                    options={
                        'verbose_name': '行政区划',
                        'indexes': [models.Index(fields=['parent_code', 'code'], name='regions_reg_parent__4a78cd_idx'), models.Index(fields=['initials'], name='regions_reg_initial_ebc1ed_idx'), models.Index(fields=['short_name'], name='regions_reg_short_n_adbcbb_idx')],
                        'constraints': [models.UniqueConstraint(fields=('code', 'valid_from'), name='region_code_once_per_start'), models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_to__gt', models.F('valid_from')), _connector='OR'), name='region_valid_period_in_order', violation_error_message='区划的停用日期必须晚于启用日期')],
                    },
                ),
                migrations.CreateModel(
                    name='Boundary',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('region_code', models.CharField(max_length=12, unique=True, verbose_name='区划代码')),
                        ('geometry', models.JSONField(verbose_name='边界')),
                        ('source', models.CharField(max_length=200, verbose_name='来源')),
                        ('approval_number', models.CharField(blank=True, max_length=60, verbose_name='审图号')),
                    ],
                    options={
                        'verbose_name': '区划边界',
                        'indexes': [],
                        'constraints': [],
                    },
                ),
                migrations.CreateModel(
                    name='Edition',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('token', models.CharField(max_length=32, unique=True)),
                        ('kind', models.CharField(choices=[('list', '程序自带名录'), ('changes', '变更文件'), ('boundaries', '边界文件')], max_length=10, verbose_name='内容')),
                        ('file_name', models.CharField(blank=True, max_length=200, verbose_name='文件')),
                        ('content_hash', models.CharField(max_length=64, verbose_name='文件指纹')),
                        ('counts', models.JSONField(default=dict, verbose_name='行数')),
                        ('applied_on', models.DateField(null=True, verbose_name='导入日期')),
                    ],
                    options={
                        'verbose_name': '区划版本',
                        'indexes': [],
                        'constraints': [],
                    },
                ),
                migrations.CreateModel(
                    name='ChangeCount',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('source', models.CharField(max_length=40, verbose_name='来源')),
                        ('place', models.CharField(max_length=9, verbose_name='地方')),
                        ('slot', models.BigIntegerField(default=0, verbose_name='写入者')),
                        ('step', models.BigIntegerField(default=1, verbose_name='次数')),
                    ],
                    options={
                        'verbose_name': '变动次数',
                        'constraints': [models.UniqueConstraint(fields=('source', 'place', 'slot'), name='change_count_once')],
                        'indexes': [],
                    },
                ),
                migrations.CreateModel(
                    name='KeptSum',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('name', models.CharField(max_length=40, verbose_name='合计')),
                        ('key', models.CharField(help_text='日期、口径和程序版本的指纹', max_length=32, verbose_name='口径')),
                        ('place', models.CharField(max_length=9, verbose_name='地方')),
                        ('versions', models.CharField(max_length=400, verbose_name='依据')),
                        ('figures', models.JSONField(help_text='空：这里没有', null=True, verbose_name='数字')),
                    ],
                    options={
                        'verbose_name': '存下的合计',
                        'constraints': [models.UniqueConstraint(fields=('name', 'key', 'place'), name='kept_sum_once')],
                        'indexes': [],
                    },
                ),
            ],
        ),
    ]
