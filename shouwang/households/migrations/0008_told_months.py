"""What families told on visits is few among the lines of the departments' files."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("households", "0007_lists_of_a_city")]

    operations = [
        migrations.AddIndex(
            "incomeline",
            models.Index(fields=["region_code"], name="income_line_told", condition=models.Q(source="visit")),
        ),
    ]
