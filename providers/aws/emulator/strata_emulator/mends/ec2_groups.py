"""EC2 security groups and their rules."""

from __future__ import annotations

from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.models.security_groups import SecurityGroup, SecurityGroupRule
from moto.ec2.responses.security_groups import SecurityGroups

from strata_emulator.call import Call
from strata_emulator.errors import AwsError
from strata_emulator.mends import before
from strata_emulator.mends.ec2 import canonical_cidr


def _rule_key(rule: SecurityGroupRule) -> tuple[Any, ...]:
    """What makes two rules the same; a description is no part of it."""
    return (
        rule.ip_protocol,
        rule.from_port if rule.ip_protocol != "-1" else None,
        rule.to_port if rule.ip_protocol != "-1" else None,
        rule.ip_range.get("CidrIp"),
        rule.ip_range.get("CidrIpv6"),
        rule.source_group.get("GroupId"),
        rule.prefix_list_id,
    )


def _rule_equals(self: SecurityGroupRule, other: object) -> bool:
    return isinstance(other, SecurityGroupRule) and _rule_key(self) == _rule_key(other)


_make_rule = SecurityGroupRule.__init__


def _init_rule(self: SecurityGroupRule, *args: Any, **kwargs: Any) -> None:
    """Keeps the description of a prefix list, and drops host bits of networks."""
    _make_rule(self, *args, **kwargs)
    prefix_list = kwargs.get("prefix_list_id") or (args[7] if len(args) > 7 else None)
    self.prefix_list_description = (prefix_list or {}).get("Description")
    for name in ("CidrIp", "CidrIpv6"):
        if self.ip_range.get(name):
            self.ip_range = {**self.ip_range, name: canonical_cidr(self.ip_range[name])}


def _rule_description(self: SecurityGroupRule) -> str | None:
    for found in (self.ip_range, self.source_group):
        if found.get("Description"):
            return found["Description"]
    return self.prefix_list_description


_flatten = SecurityGroup._flattened_rules


def _flattened_rules(self: SecurityGroup, rules: list[SecurityGroupRule]) -> Any:
    """As moto, and with the descriptions of prefix lists."""
    views = _flatten(self, rules)
    described = {
        (rule.ip_protocol, rule.from_port, rule.to_port, rule.prefix_list_id): rule
        for rule in rules
        if rule.prefix_list_id and rule.prefix_list_description
    }
    for view in views:
        for item in view.prefix_list_ids:
            place = (view.ip_protocol, view.from_port, view.to_port, item["PrefixListId"])
            if place in described:
                item["Description"] = described[place].prefix_list_description
    return views


def _authorize(self: SecurityGroups, direction: str) -> ActionResult:
    """All rules of the call or none, and all of them in the answer."""
    self.error_on_dryrun()
    add = getattr(self.ec2_backend, f"authorize_security_group_{direction}")
    name = self._get_param("GroupId") or self._get_param("GroupName")
    group = self.ec2_backend.get_security_group_by_name_or_id(name)
    attribute = f"{direction}_rules"
    earlier = list(getattr(group, attribute)) if group else []
    added: list[SecurityGroupRule] = []
    try:
        for arguments in self._process_rules_from_querystring():
            added += add(**arguments)[0]
    except Exception:
        if group:
            setattr(group, attribute, earlier)
        raise
    return ActionResult({"Return": True, "SecurityGroupRules": [_shown(rule) for rule in added]})


def _shown(rule: SecurityGroupRule) -> Any:
    """A rule as this answer shows it: ports of -1 where a rule has none."""
    import copy

    shown = copy.copy(rule)
    shown.from_port = -1 if rule.from_port is None else rule.from_port
    shown.to_port = -1 if rule.to_port is None else rule.to_port
    return shown


@before("ec2", "CreateSecurityGroup")
def check_vpc(call: Call) -> None:
    if call.params.get("VpcId"):
        call.backend.get_vpc(call.params["VpcId"])


@before("ec2", "DeleteSecurityGroup")
def refuse_used_group(call: Call) -> None:
    group = call.backend.get_security_group_from_id(call.params.get("GroupId", ""))
    if not group:
        return
    if group.is_default:
        message = f'the specified group: "{group.id}" name: "default" cannot be deleted by a user'
        raise AwsError("CannotDelete", message)
    if _is_used(call, group):
        raise AwsError("DependencyViolation", f"resource {group.id} has a dependent object")


def _is_used(call: Call, group: SecurityGroup) -> bool:
    from moto.rds.models import rds_backends

    if any(group in interface.group_set for interface in call.backend.enis.values()):
        return True
    for groups in call.backend.groups.values():
        for other in groups.values():
            rules = [] if other is group else other.ingress_rules + other.egress_rules
            if any(rule.source_group.get("GroupId") == group.id for rule in rules):
                return True
    databases = rds_backends[call.account][call.region].databases.values()
    return any(group.id in (db.vpc_security_group_ids or []) for db in databases)


@before(
    "ec2", "UpdateSecurityGroupRuleDescriptionsIngress", "UpdateSecurityGroupRuleDescriptionsEgress"
)
def describe_rules_by_id(call: Call) -> dict[str, Any] | None:
    """Moto ignores the form that names rules by their id."""
    changes = call.params.get("SecurityGroupRuleDescriptions")
    if not changes:
        return None
    group = _group(call)
    for change in changes:
        _set_description(_rule(group, change["SecurityGroupRuleId"]), change.get("Description"))
    return {"Return": True}


@before("ec2", "ModifySecurityGroupRules")
def modify_rules(call: Call) -> dict[str, Any]:
    """Moto changes networks of IPv4 and protocols with ports only."""
    group = _group(call)
    changes = call.params.get("SecurityGroupRules") or []
    rules = [(_rule(group, c["SecurityGroupRuleId"]), c["SecurityGroupRule"]) for c in changes]
    for rule, wanted in rules:
        _change_rule(call, rule, wanted)
    return {"Return": True}


def _group(call: Call) -> SecurityGroup:
    name = call.params.get("GroupId") or call.params.get("GroupName") or ""
    group = call.backend.get_security_group_by_name_or_id(name)
    if not group:
        raise AwsError("InvalidGroup.NotFound", f"The security group '{name}' does not exist")
    return group


def _rule(group: SecurityGroup, name: str) -> SecurityGroupRule:
    found = group.get_rule(name)
    if not found:
        message = f"The security group rule ID '{name}' does not exist"
        raise AwsError("InvalidSecurityGroupRuleId.NotFound", message)
    return found


def _set_description(rule: SecurityGroupRule, text: str | None) -> None:
    if rule.prefix_list_id:
        rule.prefix_list_description = text
        return
    target = rule.source_group or rule.ip_range
    target.pop("Description", None)
    if text:
        target["Description"] = text


def _change_rule(call: Call, rule: SecurityGroupRule, wanted: dict[str, Any]) -> None:
    sources = [
        n for n in ("CidrIpv4", "CidrIpv6", "PrefixListId", "ReferencedGroupId") if wanted.get(n)
    ]
    if len(sources) != 1:
        code = "MissingParameter" if not sources else "InvalidParameterCombination"
        raise AwsError(code, "The rule must have exactly one source or destination.")
    protocol = str(wanted.get("IpProtocol") or rule.ip_protocol)
    rule.ip_protocol = {"6": "tcp", "17": "udp", "1": "icmp", "all": "-1"}.get(protocol, protocol)
    ported = rule.ip_protocol != "-1"
    rule.from_port = wanted.get("FromPort") if ported else None
    rule.to_port = wanted.get("ToPort") if ported else None
    rule.ip_range, rule.source_group, rule.prefix_list_id = {}, {}, wanted.get("PrefixListId")
    if wanted.get("CidrIpv4"):
        rule.ip_range = {"CidrIp": canonical_cidr(wanted["CidrIpv4"])}
    elif wanted.get("CidrIpv6"):
        rule.ip_range = {"CidrIpv6": canonical_cidr(wanted["CidrIpv6"])}
    elif wanted.get("ReferencedGroupId"):
        rule.source_group = {"GroupId": wanted["ReferencedGroupId"], "UserId": call.account}
    _set_description(rule, wanted.get("Description"))


SecurityGroupRule.__init__ = _init_rule
SecurityGroupRule.__eq__ = _rule_equals
SecurityGroupRule.__hash__ = None
SecurityGroupRule.description = property(_rule_description)
SecurityGroup._flattened_rules = _flattened_rules
SecurityGroups.authorize_security_group_ingress = lambda self: _authorize(self, "ingress")
SecurityGroups.authorize_security_group_egress = lambda self: _authorize(self, "egress")
