"""What the past teaches: churn, expansion, weights, effect of plays."""
