"""The stages answer the hooks; installed packages do so by the entry point `keepwell.plugins`."""

from django.apps import AppConfig


class PluginsConfig(AppConfig):
    """Registers the stages once all their tables are known, so that no import has to come before another."""

    name = "keepwell.config"
    label = "config"

    def ready(self) -> None:
        """Ask every stage from now on."""
        from keepwell.access.actions import erasers as access
        from keepwell.cockpit.actions import erasers as cockpit
        from keepwell.coverage.actions import erasers as coverage
        from keepwell.faces.web.actions import erasers as pages
        from keepwell.health.actions import erasers as health
        from keepwell.health.queries import asked as cards
        from keepwell.health.queries import columns as scores
        from keepwell.health.queries import offers as standings
        from keepwell.hooks import registry
        from keepwell.intake.actions import erasers as intake
        from keepwell.intake.queries import offers as data
        from keepwell.ledger.actions import erasers as ledger
        from keepwell.ledger.queries import offers as contracts
        from keepwell.ledger.queries import searchables as facts
        from keepwell.metrics.actions import erasers as metrics
        from keepwell.metrics.queries import searchables as measures
        from keepwell.outcomes.actions import erasers as outcomes
        from keepwell.outcomes.queries import asked as bound
        from keepwell.outcomes.queries import columns as plans
        from keepwell.outcomes.queries import offers as promises
        from keepwell.outcomes.queries import review_offers as sessions
        from keepwell.outcomes.queries import searchables as objectives
        from keepwell.pipeline.actions import erasers as pipeline
        from keepwell.plays.actions import erasers as plays
        from keepwell.plays.actions import step_kinds
        from keepwell.plays.queries import asked as playing
        from keepwell.plays.queries import cadence_offers as meeting
        from keepwell.plays.queries import cadences
        from keepwell.plays.queries import hand_over_offers as handed
        from keepwell.plays.queries import offers as work
        from keepwell.plays.queries import searchables as deeds
        from keepwell.search.actions import erasers as search
        from keepwell.segments.actions import erasers as segments
        from keepwell.segments.queries import asked as members
        from keepwell.segments.queries import searchables as groups
        from keepwell.signals.actions import erasers as signals
        from keepwell.signals.queries import asked as watching
        from keepwell.signals.queries import limits

        for stage in (
            access,
            ledger,
            intake,
            metrics,
            segments,
            health,
            signals,
            plays,
            outcomes,
            coverage,
            search,
            cockpit,
            pipeline,
            pages,
        ):
            registry.register(stage)
        for asking in (
            scores,
            cards,
            members,
            contracts,
            data,
            standings,
            work,
            facts,
            deeds,
            groups,
            measures,
            watching,
            playing,
            step_kinds,
            limits,
            cadences,
            meeting,
            bound,
            plans,
            promises,
            objectives,
            handed,
            sessions,
        ):
            registry.register(asking)
