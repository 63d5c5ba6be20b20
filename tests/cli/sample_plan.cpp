#include "tests/cli/sample_plan.hpp"

#include "tests/engine/fake_cloud.hpp"

namespace strata::cli {

namespace {

PropertyChange change(std::string path, std::optional<Value> before, std::optional<Value> after, Origin origin = Origin::yours) {
    return {.path = path,
            .property = path,
            .before = std::move(before),
            .after = std::move(after),
            .origin = origin,
            .where = {"stacks/shelf.cpp", 41}};
}

PlannedResource resource(std::string address, PlanAction action, std::vector<PropertyChange> changes = {}) {
    PlannedResource planned{.address = std::move(address),
                            .type = &fake::box_type,
                            .type_name = "fake.Box",
                            .provider = "fake",
                            .action = action,
                            .unreadable = {},
                            .declared_at = {"stacks/shelf.cpp", 40}};
    planned.facets.push_back({.facet = 0,
                              .action = {},
                              .diff = {.changes = std::move(changes), .no_longer_managed = {}, .assumed_equal = {}},
                              .desired = {},
                              .previous = {},
                              .dependencies = {}});
    return planned;
}

void add_made(Plan& plan) {
    auto created = resource("network/vpc", PlanAction::create);
    created.reasons = {"not yet there"};
    created.facets[0].action = StepAction::create;
    created.facets[0].desired = {{"Content", "{\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"Allow\"}]}"},
                                 {"Name", Value::unknown("key.id")},
                                 {"Password", Value::secret("hunter2")},
                                 {"Size", 3}};
    plan.resources.push_back(created);
    auto again = resource("network/gone", PlanAction::create);
    again.reasons = {"deleted outside Strata"};
    again.missing = true;
    plan.resources.push_back(again);
    auto imported = resource("old-box", PlanAction::adopt, {change("size", Value{1}, Value{2})});
    imported.id = "box-old";
    imported.facets[0].diff.assumed_equal = {"password"};
    plan.resources.push_back(imported);
}

void add_changed(Plan& plan) {
    plan.resources.push_back(
        resource("lake/bronze", PlanAction::update, {change("content", Value{"Suspended"}, Value{"Enabled"}, Origin::drift)}));
    plan.resources.push_back(
        resource("lake/silver", PlanAction::update,
                 {change("content", Value{"{\"a\": 1, \"b\": [1, 2], \"c\": \"a rather long text that does not fit\"}"},
                         Value{"{\"a\": 1, \"b\": [1, 3], \"c\": \"a rather long text that does not fit\"}"}),
                  change("password", Value::secret("hunter2"), Value::secret("hunter22")),
                  change("rules[10.0.0.0/8 tcp 443]", {}, Value::map({{"from", 443}, {"to", 443}})),
                  change("shelves[0]", Value{"oak"}, {}, Origin::both), change("tags[owner]", Value{"me"}, Value::unknown("team.name"))}));
    auto renamed = resource("lake/gold", PlanAction::keep);
    renamed.former_address = "gold";
    plan.resources.push_back(renamed);
    auto dropped = resource("lake/platinum", PlanAction::keep);
    dropped.facets[0].diff.no_longer_managed = {"content"};
    plan.resources.push_back(dropped);
    auto unseen = resource("lake/hidden", PlanAction::unreadable);
    unseen.unreadable = Error{.kind = ErrorKind::access_denied, .summary = "Access denied", .cause = "s3:GetBucketPolicy is not allowed."};
    plan.resources.push_back(unseen);
}

void add_lost(Plan& plan) {
    auto encrypted = change("storage_encrypted", Value{false}, Value{true});
    encrypted.forces_replacement = true;
    auto replaced = resource("database/primary", PlanAction::replace, {encrypted});
    replaced.reasons = {"storage_encrypted changed, which forces replacement"};
    replaced.holds_data = true;
    replaced.protect = true;
    replaced.create_first = false;
    plan.resources.push_back(replaced);
    auto maybe = change("box", Value{"box-1"}, Value::unknown("box.id"));
    maybe.forces_replacement = true;
    auto unsure = resource("key", PlanAction::replace, {maybe});
    unsure.reasons = {"box may change, which would force replacement"};
    unsure.replace_if_changed = true;
    plan.resources.push_back(unsure);
    auto removed = resource("lake/temp", PlanAction::remove);
    removed.reasons = {"no longer in the program"};
    removed.holds_data = true;
    plan.resources.push_back(removed);
    auto forgotten = resource("lake/shared", PlanAction::forget);
    forgotten.reasons = {"the program says forget"};
    plan.resources.push_back(forgotten);
}

}  // namespace

Plan sample_plan() {
    Plan plan{.stack = "orchestration",
              .environment = "dev",
              .identity = {.account = "123456789012",
                           .region = "ca-central-1",
                           .partition = "aws",
                           .principal = "arn:aws:iam::123456789012:user/anna"},
              .resources = {},
              .steps = {},
              .outputs = {},
              .errors = {},
              .warnings = {},
              .lineage = "11112222333344445555666677778888",
              .serial = 7,
              .program_hash = std::string(64, 'a'),
              .read_live = 84,
              .calls = 61,
              .seconds = 0.84};
    add_made(plan);
    add_changed(plan);
    add_lost(plan);
    plan.resources.push_back(resource("quiet", PlanAction::keep));
    plan.steps = {{.kind = StepKind::create, .resource = 0, .facet = 0, .after = {}},
                  {.kind = StepKind::update, .resource = 3, .facet = 0, .after = {0}}};
    plan.outputs = {
        {.name = "bucket", .before = Value{"old"}, .after = Value{"new"}, .description = {}, .used_by = {}},
        {.name = "endpoint", .before = {}, .after = Value::unknown("database/primary.endpoint"), .description = {}, .used_by = {}},
        {.name = "password", .before = Value::secret("hunter2"), .after = Value::secret("hunter22"), .description = {}, .used_by = {}},
        {.name = "retired", .before = Value{"x"}, .after = {}, .description = {}, .used_by = {"app", "web"}},
        {.name = "same", .before = Value{"x"}, .after = Value{"x"}, .description = {}, .used_by = {}}};
    return plan;
}

}  // namespace strata::cli
