"""When somebody wants the digest, and where, stands with their preferences: one place instead of two."""

from django.db import migrations

DIGESTS = {"daily": "daily", "weekly": "weekly", "none": "never"}


def move(apps, schema_editor):
    """What was chosen beside the notifications is what was sent by, so it wins; a zone wins only where none was chosen."""
    user = apps.get_model("access", "User")
    for choice in apps.get_model("plays", "DigestChoice").objects.all():
        person = user.objects.get(pk=choice.user_id)
        person.preferences["digest"] = DIGESTS[choice.cadence]
        if not person.preferences.get("time_zone") and choice.time_zone != "UTC":
            person.preferences["time_zone"] = choice.time_zone
        person.save(update_fields=["preferences"])


def back(apps, schema_editor):
    """Each choice beside the notifications again."""
    digest = apps.get_model("plays", "DigestChoice")
    cadences = {mine: theirs for theirs, mine in DIGESTS.items()}
    for person in apps.get_model("access", "User").objects.exclude(preferences__digest=None):
        cadence = cadences[person.preferences["digest"]]
        zone = person.preferences.get("time_zone") or "UTC"
        digest.objects.create(user_id=person.pk, cadence=cadence, time_zone=zone)


class Migration(migrations.Migration):
    dependencies = [("plays", "0005_next_step"), ("access", "0003_preferences")]

    operations = [
        migrations.RunPython(move, back, elidable=True),
        migrations.DeleteModel(name="DigestChoice"),
    ]
