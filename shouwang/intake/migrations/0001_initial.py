import django.db.models.deletion
import shouwang.foundation.migration_operations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        shouwang.foundation.migration_operations.CreateTogether(
            operations=[
                migrations.CreateModel(
                    name='Batch',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('purpose', models.CharField(choices=[('registry', '农户档案'), ('feed', '部门数据'), ('register', '台账')], max_length=10, verbose_name='用途')),
                        ('dataset', models.CharField(max_length=40, verbose_name='数据集')),
                        ('region_code', models.CharField(help_text='文件所属的县；没有区域的文件谁也看不到', max_length=12, verbose_name='区域')),
                        ('period', models.CharField(max_length=7, verbose_name='所属月份')),
                        ('sender', models.CharField(blank=True, max_length=80, verbose_name='报送单位')),
                        ('file_name', models.CharField(max_length=200, verbose_name='文件名')),
                        ('file_hash', models.CharField(max_length=64, verbose_name='文件指纹')),
                        ('file_size', models.PositiveBigIntegerField(verbose_name='字节数')),
                        ('state', models.CharField(choices=[('received', '已接收'), ('applied', '已生效'), ('refused', '整体退回'), ('reverted', '已撤销')], default='received', max_length=10, verbose_name='状态')),
                        ('counts', models.JSONField(default=dict, verbose_name='行数')),
                        ('notices', models.JSONField(default=list, help_text='如：未识别的列、使用了往期档案', verbose_name='提示')),
                        ('headings', models.JSONField(default=list, help_text='文件的原表头，按列序', verbose_name='表头')),
                        ('columns', models.JSONField(default=list, help_text='与原表头逐列对应；空：未识别的列', verbose_name='标准列名')),
                        ('received_at', models.DateTimeField(verbose_name='接收时间')),
                        ('received_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='接收人')),
                        ('applied_at', models.DateTimeField(null=True, verbose_name='生效时间')),
                        ('reverted_at', models.DateTimeField(null=True, verbose_name='撤销时间')),
                        ('reverted_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='撤销人')),
                        ('reverted_reason', models.CharField(blank=True, max_length=200, verbose_name='撤销原因')),
                        ('split_from', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='parts', to='intake.batch', verbose_name='拆分自')),
                    ],
                    options={
                        'verbose_name': '批次',
                        'indexes': [models.Index(fields=['region_code', 'dataset', 'period'], name='intake_batc_region__d7b439_idx'), models.Index(fields=['file_hash'], name='intake_batc_file_ha_934a0a_idx')],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('split_from', None), ('state__in', ['received', 'applied'])), fields=('purpose', 'dataset', 'region_code', 'period', 'file_hash'), name='batch_once_per_file', violation_error_message='这个文件已经导入过'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'applied'), _negated=True), ('applied_at__isnull', False), _connector='OR'), name='batch_applied_has_time', violation_error_message='已生效的批次必须有生效时间'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'reverted'), _negated=True), ('reverted_at__isnull', False), _connector='OR'), name='batch_reverted_has_time', violation_error_message='已撤销的批次必须有撤销时间')],
                    },
                ),
                migrations.CreateModel(
                    name='RememberedHeadings',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('dataset', models.CharField(max_length=40, verbose_name='数据集')),
                        ('sender', models.CharField(blank=True, max_length=80, verbose_name='报送单位')),
                        ('heading', models.CharField(max_length=120, verbose_name='来文列名')),
                        ('column', models.CharField(blank=True, help_text='空：这一列不要', max_length=60, verbose_name='标准列名')),
                    ],
                    options={
                        'verbose_name': '表头对应',
                        'constraints': [models.UniqueConstraint(fields=('dataset', 'sender', 'heading'), name='heading_remembered_once')],
                        'indexes': [],
                    },
                ),
                migrations.CreateModel(
                    name='RefusedRow',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('batch', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='refused_rows', to='intake.batch')),
                        ('row_number', models.PositiveIntegerField(help_text='在原文件中的行号，从 1 起', verbose_name='行号')),
                        ('column', models.CharField(blank=True, max_length=60, verbose_name='列')),
                        ('reason', models.CharField(max_length=300, verbose_name='原因')),
                        ('suggestion', models.CharField(blank=True, max_length=300, verbose_name='建议')),
                        ('cells', models.BinaryField(verbose_name='原行（加密）')),
                    ],
                    options={
                        'verbose_name': '退回行',
                        'indexes': [models.Index(fields=['batch', 'row_number'], name='intake_refu_batch_i_ec1fc5_idx')],
                        'constraints': [],
                    },
                ),
                migrations.CreateModel(
                    name='LakeFile',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('batch', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lake_files', to='intake.batch', verbose_name='批次')),
                        ('dataset', models.CharField(help_text='部门数据集，或 registry_person 等档案快照', max_length=40, verbose_name='数据集')),
                        ('region_code', models.CharField(max_length=12, verbose_name='县')),
                        ('period', models.CharField(max_length=7, verbose_name='所属月份')),
                        ('path', models.CharField(help_text='相对于数据湖文件夹', max_length=200, unique=True, verbose_name='路径')),
                        ('content_hash', models.CharField(help_text='筛查据此判断输入是否变化', max_length=64, verbose_name='内容指纹')),
                        ('row_count', models.PositiveIntegerField(verbose_name='行数')),
                    ],
                    options={
                        'verbose_name': '数据湖文件',
                        'indexes': [models.Index(fields=['region_code', 'dataset', 'period'], name='intake_lake_region__9def89_idx')],
                        'constraints': [],
                    },
                ),
            ],
        ),
    ]
