"""What the formulas of a proof call their arrays, and the one quantile they share."""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]
Z95 = 1.959963984540054
