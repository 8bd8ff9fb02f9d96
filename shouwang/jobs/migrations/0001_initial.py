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
                    name='Job',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('recipe', models.CharField(max_length=40, verbose_name='工作')),
                        ('arguments', models.JSONField(default=dict, verbose_name='参数')),
                        ('region_code', models.CharField(max_length=12, verbose_name='区域')),
                        ('state', models.CharField(choices=[('waiting', '排队中'), ('running', '进行中'), ('done', '已完成'), ('failed', '未完成')], default='waiting', max_length=10, verbose_name='状态')),
                        ('step', models.CharField(blank=True, max_length=120, verbose_name='进行到')),
                        ('done_count', models.PositiveBigIntegerField(default=0, verbose_name='已完成')),
                        ('total_count', models.PositiveBigIntegerField(default=0, verbose_name='共')),
                        ('result', models.JSONField(default=dict, verbose_name='结果')),
                        ('message', models.TextField(blank=True, help_text='未完成时：什么原因、下一步', verbose_name='说明')),
                        ('asked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='发起人')),
                        ('asked_at', models.DateTimeField(auto_now_add=True, verbose_name='提出时间')),
                        ('heartbeat_at', models.DateTimeField(null=True, verbose_name='最近心跳')),
                        ('finished_at', models.DateTimeField(null=True, verbose_name='结束时间')),
                        ('attempts', models.PositiveSmallIntegerField(default=0, verbose_name='尝试次数')),
                    ],
                    options={
                        'verbose_name': '后台工作',
                        'indexes': [models.Index(fields=['state', 'id'], name='jobs_job_state_a1d52a_idx')],
                        'constraints': [],
                    },
                ),
            ],
        ),
    ]
