import django.db.models.deletion
import shouwang.foundation.migration_operations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('intake', '0001_initial'),
        ('registry', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        shouwang.foundation.migration_operations.CreateTogether(
            operations=[
                migrations.CreateModel(
                    name='PendingRow',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('batch', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pending_rows', to='intake.batch', verbose_name='批次')),
                        ('region_code', models.CharField(max_length=12, verbose_name='区域')),
                        ('row_number', models.PositiveIntegerField(verbose_name='行号')),
                        ('kind', models.CharField(choices=[('doubtful', '存疑'), ('unmatched', '未匹配')], max_length=10, verbose_name='情形')),
                        ('reason', models.CharField(max_length=200, verbose_name='原因')),
                        ('candidates', models.JSONField(default=list, help_text='[{person, score, reasons}]，按分数从高到低', verbose_name='候选')),
                        ('pair_index', models.CharField(help_text='证件号码加姓名的盲索引：同样的来文不再问第二次', max_length=64, verbose_name='来文身份盲索引')),
                        ('fact', models.BinaryField(verbose_name='已检查的行（加密）')),
                        ('decided_person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.person', verbose_name='认定为')),
                        ('is_decided', models.BooleanField(default=False, verbose_name='已认定')),
                        ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='认定人')),
                        ('decided_at', models.DateTimeField(null=True, verbose_name='认定时间')),
                    ],
                    options={
                        'verbose_name': '待认定行',
                        'indexes': [models.Index(fields=['region_code', 'is_decided', 'kind'], name='feeds_pendi_region__e0e39a_idx'), models.Index(fields=['batch', 'row_number'], name='feeds_pendi_batch_i_a974a6_idx')],
                        'constraints': [],
                    },
                ),
                migrations.CreateModel(
                    name='MatchDecision',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('pair_index', models.CharField(max_length=64, verbose_name='来文身份盲索引')),
                        ('region_code', models.CharField(max_length=12, verbose_name='区域')),
                        ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.person', verbose_name='认定为')),
                        ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='认定人')),
                        ('decided_at', models.DateTimeField(verbose_name='认定时间')),
                    ],
                    options={
                        'verbose_name': '匹配认定',
                        'constraints': [models.UniqueConstraint(fields=('pair_index', 'region_code'), name='match_decided_once')],
                        'indexes': [],
                    },
                ),
                migrations.CreateModel(
                    name='Consultation',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('region_code', models.CharField(max_length=12, verbose_name='县')),
                        ('month', models.CharField(max_length=7, verbose_name='会商月份')),
                        ('held_on', models.DateField(verbose_name='会商日期')),
                        ('chair', models.CharField(blank=True, max_length=40, verbose_name='主持人')),
                        ('units', models.JSONField(default=list, help_text='[名称]', verbose_name='参加单位')),
                        ('topics', models.TextField(verbose_name='议题')),
                        ('conclusions', models.TextField(blank=True, verbose_name='研判结论')),
                        ('material', models.JSONField(default=dict, help_text='{run, came, late, leads}，登记时的情况', verbose_name='会商材料')),
                        ('corrects', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='corrected_by', to='feeds.consultation', verbose_name='更正的记录')),
                        ('recorded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='登记人')),
                        ('recorded_at', models.DateTimeField(verbose_name='登记时间')),
                    ],
                    options={
                        'verbose_name': '会商记录',
                        'indexes': [models.Index(fields=['region_code', '-month'], name='consultation_by_month')],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('corrects', None)), fields=('region_code', 'month', 'held_on'), name='consultation_recorded_once', violation_error_message='这一天的会商已经登记过；要改请打开那条记录更正')],
                    },
                ),
                migrations.CreateModel(
                    name='ConsultationDecision',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('consultation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='decisions', to='feeds.consultation', verbose_name='会商记录')),
                        ('number', models.PositiveSmallIntegerField(verbose_name='序号')),
                        ('text', models.CharField(max_length=300, verbose_name='事项')),
                        ('responsible_unit', models.CharField(max_length=80, verbose_name='责任单位')),
                        ('due_on', models.DateField(null=True, verbose_name='完成期限')),
                        ('done_on', models.DateField(null=True, verbose_name='完成日期')),
                        ('result', models.CharField(blank=True, max_length=300, verbose_name='落实情况')),
                    ],
                    options={
                        'verbose_name': '会商议定事项',
                        'constraints': [models.UniqueConstraint(fields=('consultation', 'number'), name='decision_numbered_once'), models.CheckConstraint(condition=models.Q(models.Q(('done_on', None), ('result', '')), models.Q(('done_on__isnull', False), models.Q(('result', ''), _negated=True)), _connector='OR'), name='decision_done_with_result', violation_error_message='完成日期和落实情况要一并填写')],
                        'indexes': [],
                    },
                ),
            ],
        ),
    ]
