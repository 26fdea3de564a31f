"""What deploy/ names exists: metrics, routes, settings; and nothing in it runs as root."""

from __future__ import annotations

import configparser
import json
import re
from typing import Any

import yaml
from sqlalchemy import Engine
from starlette.routing import Route

from bot.clock import system_clock
from bot.host import build
from bot.metrics import Metrics
from bot.settings import Settings
from tests.fakes.process import ROOT

DEPLOY = ROOT / "deploy"
ALERTS = yaml.safe_load((DEPLOY / "prometheus" / "alerts.yaml").read_text("utf-8"))
DASHBOARD = json.loads((DEPLOY / "grafana" / "handledd.json").read_text("utf-8"))
SETTINGS = {f"HANDLEDD_{name.upper()}" for name in Settings.model_fields}


def exported(engine: Engine) -> set[str]:
    """The names that GET /metrics can show, a histogram's parts too."""
    registry = Metrics(engine, system_clock)._registry
    return {name for collector in registry._collector_to_names.values() for name in collector}


def named(expressions: list[str]) -> set[str]:
    return {name for each in expressions for name in re.findall(r"handledd_\w+", each)}


def test_every_metric_of_the_alerts_is_shown(sqlite: Engine) -> None:
    rules = [rule["expr"] for group in ALERTS["groups"] for rule in group["rules"]]
    assert len(rules) >= 5
    assert named(rules) <= exported(sqlite)
    told = [rule["annotations"] for group in ALERTS["groups"] for rule in group["rules"]]
    assert all({"summary", "do"} <= each.keys() for each in told)


def test_every_metric_of_the_dashboard_is_shown_and_every_one_is_on_it(sqlite: Engine) -> None:
    shown = named([target["expr"] for panel in DASHBOARD["panels"] for target in panel["targets"]])
    assert shown <= exported(sqlite)
    families = {name for name in exported(sqlite) if not name.endswith(("_created", "_sum", "_count"))}
    bare = {re.sub(r"_(total|bucket)$", "", name) for name in families}
    assert bare == {re.sub(r"_(total|bucket)$", "", name) for name in shown}


def test_kubernetes_asks_for_routes_that_there_are_and_sets_known_settings(sqlite: Engine) -> None:
    deployment, service = yaml.safe_load_all((DEPLOY / "kubernetes" / "handledd.yaml").read_text("utf-8"))
    spec: Any = deployment["spec"]["template"]["spec"]
    [container] = spec["containers"]
    app = build(sqlite, system_clock, "Europe/Stockholm", []).app
    routes = {route.path for route in app.routes if isinstance(route, Route)}
    asked = {container["readinessProbe"]["httpGet"]["path"]}
    asked |= {deployment["spec"]["template"]["metadata"]["annotations"]["prometheus.io/path"]}
    assert asked <= routes
    assert {each["name"] for each in container["env"]} <= SETTINGS
    assert deployment["spec"]["replicas"] == 2
    assert spec["securityContext"]["runAsNonRoot"] is True
    assert container["securityContext"]["allowPrivilegeEscalation"] is False
    assert service["spec"]["selector"] == deployment["spec"]["selector"]["matchLabels"]


def test_the_systemd_unit_is_hardened_and_sets_known_settings() -> None:
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str  # type: ignore[assignment, method-assign]
    unit.read(DEPLOY / "systemd" / "handledd.service", "utf-8")
    service = unit["Service"]
    for key, value in (("DynamicUser", "yes"), ("NoNewPrivileges", "yes"), ("ProtectSystem", "strict")):
        assert service[key] == value
    assert service["Environment"].partition("=")[0] in SETTINGS
    assert service["ExecStart"].endswith("handledd run")
    assert int(service["TimeoutStopSec"]) > 10  # SIGTERM ends within ten seconds
