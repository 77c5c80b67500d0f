"""What the company decided about its metrics."""

from typing import Any

from keepwell.metrics import models


def parameters() -> dict[str, dict[str, Any]]:
    """The parameters by metric. One query."""
    return dict(models.MetricSetting.objects.values_list("metric", "parameters"))
