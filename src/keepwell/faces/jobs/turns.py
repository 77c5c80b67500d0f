"""Who runs now, within one process."""

import threading


class Turn:
    """One run at a time in this process; whoever finds it taken leaves word instead of waiting."""

    def __init__(self) -> None:
        self._lock, self._taken, self._again = threading.Lock(), False, False

    def begin(self) -> bool:
        """Take the turn; False when it is taken, and whoever has it will run once more."""
        with self._lock:
            if self._taken:
                self._again = True
                return False
            self._taken, self._again = True, False
            return True

    def ends(self) -> bool:
        """Give the turn back, unless word was left meanwhile."""
        with self._lock:
            self._taken, self._again = self._again, False
            return not self._taken

    def fail(self) -> None:
        """Give the turn back whatever was left."""
        with self._lock:
            self._taken = self._again = False
