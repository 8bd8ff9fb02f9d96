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
                    name='SelfReport',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('receipt_no', models.CharField(max_length=8, unique=True, verbose_name='受理编号')),
                        ('progress_index', models.CharField(max_length=64, unique=True, verbose_name='查询指纹')),
                        ('channel', models.CharField(choices=[('scan', '扫码申报'), ('app', '手机APP'), ('hotline', '12317热线'), ('desk', '窗口来访')], max_length=10, verbose_name='渠道')),
                        ('region_code', models.CharField(max_length=12, verbose_name='村')),
                        ('is_for_other', models.BooleanField(default=False, verbose_name='替别人申报')),
                        ('householder_name', models.CharField(max_length=30, verbose_name='户主姓名')),
                        ('difficulty', models.CharField(choices=[('illness', '家里有人生病，看病花钱多'), ('disability', '家里有残疾人，生活困难'), ('schooling', '孩子上学花钱多，或上不了学'), ('disaster', '遭了水、旱、雹、火等灾'), ('accident', '出了车祸、摔伤等意外'), ('industry_failure', '种养或生意赔了钱'), ('unstable_work', '没活干，或打工收入大减'), ('labour_shortage', '家里没有能干活的人'), ('housing', '房子不安全，没有好房住'), ('water', '喝水有困难'), ('epidemic', '受疫情影响，生活困难'), ('other', '其他困难')], max_length=20, verbose_name='困难')),
                        ('secrets', models.BinaryField(verbose_name='申报内容（加密）')),
                        ('phone_index', models.CharField(max_length=64, verbose_name='手机盲索引')),
                        ('identity_index', models.CharField(blank=True, max_length=64, verbose_name='证件盲索引')),
                        ('form_nonce', models.CharField(max_length=32, null=True, unique=True, verbose_name='表单编号')),
                        ('received_on', models.DateField(help_text='期限从这一天起算', verbose_name='收到日')),
                        ('received_at', models.DateTimeField(verbose_name='收到时间')),
                        ('taken_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='登记人')),
                        ('household', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='self_reports', to='registry.household', verbose_name='农户')),
                        ('matched_at', models.DateTimeField(null=True, verbose_name='对上农户的时间')),
                        ('matched_by', models.ForeignKey(help_text='空而已对上：按证件号码和姓名自动对上', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='认定人')),
                        ('merged_into', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='followers', to='door.selfreport', verbose_name='并入')),
                        ('objects_to', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='objection', to='door.selfreport', verbose_name='对哪一件有异议')),
                        ('outcome', models.CharField(blank=True, choices=[('included', '已纳入监测帮扶'), ('helped', '已落实帮扶，不需纳入监测'), ('not_included', '未纳入监测'), ('not_here', '不是本地登记的农户')], max_length=20, verbose_name='结果')),
                        ('refusal', models.CharField(blank=True, choices=[('no_risk', '入户核实没有发现致贫返贫风险'), ('outside_range', '家庭收入和支出情况不在监测范围'), ('solved', '困难已经解决'), ('different', '实际情况与申报的不一致'), ('not_registered', '户籍和住所都不在本地'), ('not_found', '按申报的信息找不到这一户'), ('other', '其他（在说明里写清楚）')], max_length=20, verbose_name='不纳入的原因')),
                        ('answer', models.BinaryField(null=True, verbose_name='答复（加密）')),
                        ('answered_on', models.DateField(null=True, verbose_name='答复日')),
                        ('answered_at', models.DateTimeField(null=True, verbose_name='答复时间')),
                        ('answered_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='答复人')),
                    ],
                    options={
                        'verbose_name': '自主申报',
                        'indexes': [models.Index(fields=['region_code', 'received_on'], name='report_list'), models.Index(fields=['householder_name', 'region_code'], name='report_by_head')],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('answered_at__isnull', True), ('merged_into__isnull', True)), fields=('region_code', 'phone_index', 'householder_name'), name='one_open_report', violation_error_message='这一户已有一件正在办理的申报'), models.UniqueConstraint(condition=models.Q(('answered_at__isnull', True), ('merged_into__isnull', True), ('household__isnull', False)), fields=('household',), name='one_open_report_per_household', violation_error_message='这一户已有一件正在办理的申报'), models.CheckConstraint(condition=models.Q(models.Q(('answer__isnull', True), ('answered_at__isnull', True), ('outcome', '')), models.Q(('answer__isnull', False), ('answered_at__isnull', False), models.Q(('outcome', ''), _negated=True)), _connector='OR'), name='report_answer_whole', violation_error_message='答复须有结果、内容和时间'), models.CheckConstraint(condition=models.Q(models.Q(('outcome__in', ('not_included', 'not_here')), _negated=True), models.Q(('refusal', ''), _negated=True), _connector='OR'), name='refused_with_reason', violation_error_message='不纳入须写明原因'), models.CheckConstraint(condition=models.Q(('household__isnull', True), ('matched_at__isnull', False), _connector='OR'), name='matched_household_with_time', violation_error_message='对上农户须有时间')],
                    },
                ),
                migrations.CreateModel(
                    name='VillageDoor',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('token', models.CharField(max_length=20, unique=True, verbose_name='村码')),
                        ('region_code', models.CharField(max_length=12, verbose_name='村')),
                        ('opened_at', models.DateTimeField(verbose_name='启用时间')),
                        ('opened_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='启用人')),
                        ('closed_at', models.DateTimeField(null=True, verbose_name='停用时间')),
                    ],
                    options={
                        'verbose_name': '村码',
                        'constraints': [models.UniqueConstraint(condition=models.Q(('closed_at__isnull', True)), fields=('region_code',), name='one_open_door_per_village', violation_error_message='一个村只能有一张在用的码')],
                        'indexes': [],
                    },
                ),
                migrations.CreateModel(
                    name='KnockCount',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('key', models.CharField(max_length=64, verbose_name='计数对象')),
                        ('begins_at', models.DateTimeField(verbose_name='时段开始')),
                        ('count', models.PositiveIntegerField(verbose_name='次数')),
                    ],
                    options={
                        'verbose_name': '访问计数',
                        'indexes': [models.Index(fields=['begins_at'], name='knocks_by_time')],
                        'constraints': [models.UniqueConstraint(fields=('key', 'begins_at'), name='knocks_counted_once')],
                    },
                ),
            ],
        ),
    ]
