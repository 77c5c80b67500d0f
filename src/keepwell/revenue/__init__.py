"""Movements, NRR and GRR, renewals, expansion, forecast."""
