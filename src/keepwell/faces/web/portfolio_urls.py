"""The addresses of the portfolio."""

from django.urls import path

from keepwell.faces.web.views import portfolio

PATTERNS = (
    path("portfolio/", portfolio.overview, name="portfolio"),
    path("portfolio.csv", portfolio.figures_csv, name="portfolio-csv"),
    path("portfolio/charts/<slug:name>/", portfolio.chart, name="portfolio-chart"),
    path("portfolio/accounts/", portfolio.accounts, name="portfolio-accounts"),
    path("portfolio/accounts.csv", portfolio.accounts_csv, name="portfolio-accounts-csv"),
)
