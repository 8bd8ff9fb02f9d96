import django.db.models.deletion
import shouwang.foundation.migration_operations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('registry', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        shouwang.foundation.migration_operations.CreateTogether(
            operations=[
                migrations.CreateModel(
                    name='RuleResult',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('key', models.CharField(max_length=64, unique=True, verbose_name='输入指纹')),
                        ('rule', models.CharField(max_length=80, verbose_name='规则')),
                        ('county_code', models.CharField(max_length=12, verbose_name='县')),
                        ('as_of', models.DateField(verbose_name='截至')),
                        ('outcome', models.CharField(choices=[('computed', '已计算'), ('not_computed', '未计算')], max_length=12, verbose_name='结果')),
                        ('missing', models.JSONField(default=list, help_text='[{kind, name, text}]：没有取值的参数、没有来文的数据集', verbose_name='缺什么')),
                        ('counts', models.JSONField(default=dict, help_text='{hit, judgement, provisional, not_computed: {原因: 户数}}', verbose_name='计数')),
                        ('parameters', models.JSONField(default=dict, help_text='{name: {value, comparator, region, cites}}', verbose_name='所用参数')),
                        ('inputs', models.JSONField(default=list, help_text='[{dataset, batch, content_hash}]', verbose_name='所用文件')),
                        ('file', models.CharField(blank=True, help_text='规则：未能计算的户及原因；推算表：表本身', max_length=200, verbose_name='数据湖文件')),
                        ('rule_version', models.CharField(max_length=16, verbose_name='规则版本')),
                        ('engine', models.CharField(max_length=10, verbose_name='引擎')),
                        ('computed_at', models.DateTimeField(verbose_name='计算时间')),
                    ],
                    options={
                        'verbose_name': '规则结果',
                        'indexes': [models.Index(fields=['county_code', 'as_of', 'rule'], name='screening_r_county__de16ce_idx')],
                        'constraints': [],
                    },
                ),
                migrations.CreateModel(
                    name='Run',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('region_code', models.CharField(max_length=12, verbose_name='区域')),
                        ('as_of', models.DateField(verbose_name='截至')),
                        ('engine', models.CharField(max_length=10, verbose_name='引擎')),
                        ('policy_version', models.CharField(max_length=16, verbose_name='政策版本')),
                        ('code_version', models.CharField(max_length=16, verbose_name='程序版本')),
                        ('started_at', models.DateTimeField(verbose_name='开始时间')),
                        ('finished_at', models.DateTimeField(null=True, verbose_name='完成时间')),
                        ('started_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='发起人')),
                        ('counts', models.JSONField(default=dict, verbose_name='计数')),
                        ('results', models.ManyToManyField(related_name='runs', to='screening.ruleresult')),
                    ],
                    options={
                        'verbose_name': '筛查',
                        'indexes': [models.Index(fields=['region_code', 'as_of', '-id'], name='screening_r_region__5e6518_idx')],
                        'constraints': [],
                    },
                ),
                migrations.CreateModel(
                    name='Finding',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('result', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='findings', to='screening.ruleresult', verbose_name='规则结果')),
                        ('region_code', models.CharField(max_length=12, verbose_name='村')),
                        ('household', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='findings', to='registry.household', verbose_name='农户')),
                        ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='findings', to='registry.person', verbose_name='人口')),
                        ('rule', models.CharField(max_length=80, verbose_name='规则')),
                        ('as_of', models.DateField(verbose_name='截至')),
                        ('status', models.CharField(choices=[('hit', '命中'), ('judgement', '需研判'), ('provisional', '暂定')], max_length=12, verbose_name='状态')),
                        ('observed', models.CharField(help_text='金额为两位小数的元', max_length=40, verbose_name='观察值')),
                        ('threshold', models.CharField(blank=True, max_length=40, verbose_name='阈值')),
                        ('comparator', models.CharField(blank=True, max_length=2, verbose_name='比较')),
                        ('present_count', models.PositiveSmallIntegerField(null=True, verbose_name='已有月数')),
                        ('expected_count', models.PositiveSmallIntegerField(null=True, verbose_name='应有月数')),
                        ('missing_months', models.JSONField(default=list, verbose_name='缺少的月份')),
                        ('evidence', models.JSONField(default=list, help_text='[{dataset, batch, row}]', verbose_name='依据')),
                        ('fingerprint', models.CharField(help_text='两次筛查得出的同一发现，指纹相同', max_length=64, verbose_name='内容指纹')),
                    ],
                    options={
                        'verbose_name': '发现',
                        'indexes': [models.Index(fields=['region_code', 'as_of'], name='finding_by_region'), models.Index(fields=['household', '-as_of'], name='finding_by_household')],
                        'constraints': [],
                    },
                ),
            ],
        ),
    ]
