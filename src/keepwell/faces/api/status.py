"""Which status says which refusal."""

from keepwell.kernel import errors

_STATUS = {errors.NotFound: 404, errors.Forbidden: 403, errors.Conflict: 409, errors.Invalid: 422}


def status_of(refusal: errors.Refused) -> int:
    """The status of a refusal."""
    return next((code for kind, code in _STATUS.items() if isinstance(refusal, kind)), 422)
