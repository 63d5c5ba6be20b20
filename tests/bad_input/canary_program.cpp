// A program that takes a secret in at every place where one can stand. The tests beside it give each place a canary of
// its own and look for it in all that comes out (test_canaries.py).
#include <map>
#include <stdexcept>
#include <string>

#include "cli/run.hpp"
#include "config/reader.hpp"
#include "engine/model/document.hpp"
#include "providers/aws/ecs.hpp"
#include "providers/aws/iam.hpp"
#include "providers/aws/logs.hpp"
#include "providers/aws/rds.hpp"
#include "providers/aws/resource/lookups.hpp"
#include "providers/aws/s3.hpp"
#include "providers/aws/secretsmanager.hpp"
#include "providers/aws/sqs.hpp"
#include "providers/aws/ssm.hpp"

namespace {

using strata::Bytes;
using strata::SecretText;
using strata::Stack;
using strata::Value;
using strata::ValueList;
using strata::ValueMap;
namespace ec2 = strata::aws::ec2;
namespace ecs = strata::aws::ecs;
namespace iam = strata::aws::iam;
namespace logs = strata::aws::logs;
namespace rds = strata::aws::rds;
namespace s3 = strata::aws::s3;
namespace secretsmanager = strata::aws::secretsmanager;
namespace sqs = strata::aws::sqs;
namespace ssm = strata::aws::ssm;

/// By the place that each is put in. What the file does not have is a text that says so.
struct Secrets {
    std::map<std::string, SecretText> sealed;
    std::string ordinary;  ///< stands in the file in clear, and the program makes a secret of it

    [[nodiscard]] SecretText of(const std::string& place) const {
        const auto found = sealed.find(place);
        return found == sealed.end() ? strata::secret("not set: " + place) : found->second;
    }
    [[nodiscard]] Value value_of(const std::string& place) const { return Value::secret(Value{of(place).text}); }
};

Secrets read_secrets(strata::ConfigReader& config) {
    Secrets made{.sealed = {}, .ordinary = config.optional<std::string>("ordinary", "not set")};
    for (const auto* place : {"binary", "command", "description", "document", "header", "label", "lookup", "name", "output", "parameter",
                              "password", "pattern", "policy", "text", "variable"})
        if (auto found = config.maybe<SecretText>(place)) made.sealed.emplace(place, *std::move(found));
    return made;
}

/// A policy in which a condition names a secret, as of an external id.
strata::Output<std::string> document(Stack& stack, Value principal, std::string_view action, Value secret) {
    ValueMap statement{{"Effect", "Allow"},
                       {"Action", action},
                       {"Condition", Value::map({{"StringEquals", Value::map({{"sts:ExternalId", std::move(secret)}})}})}};
    if (principal.map() != nullptr) statement.set("Principal", std::move(principal));
    else statement.set("Resource", "*");
    return strata::json_document(stack, Value::map({{"Version", "2012-10-17"}, {"Statement", ValueList{Value{std::move(statement)}}}}));
}

/// What services hand out again: read back, compared, kept in state.
void readable(Stack& stack, const Secrets& secrets) {
    const ssm::Parameter parameter{
        stack, "parameter", {.name = "/vault/parameter", .type = ssm::ParameterType::secure_string, .value = secrets.of("parameter")}};
    const ssm::Parameter described{stack,
                                   "described",
                                   {.description = secrets.of("description"),
                                    .name = "/vault/described",
                                    .type = ssm::ParameterType::string,
                                    .value = "nothing to hide"}};
    const sqs::Queue tagged{stack, "tagged", {.queue_name = "vault-tagged", .tags = {{"token", strata::secret(secrets.ordinary)}}}};
    const ecs::TaskDefinition task{stack,
                                   "task",
                                   {.container_definitions = {ecs::ContainerDefinition{
                                        .command = {"--token", secrets.of("command")},
                                        .docker_labels = {{"token", secrets.of("label")}},
                                        .environment = {ecs::KeyValuePair{.name = "TOKEN", .value = secrets.of("variable")}},
                                        .image = "busybox",
                                        .memory = 128,
                                        .name = "main"}},
                                    .family = "vault"}};
    const iam::Role role{stack,
                         "role",
                         {.assume_role_policy_document =
                              document(stack, Value::map({{"AWS", "123456789012"}}), "sts:AssumeRole", secrets.value_of("document")),
                          .policies = {{"read", document(stack, Value{}, "s3:GetObject", secrets.value_of("policy"))}},
                          .role_name = "vault"}};
    const s3::Bucket bucket{stack, "bucket", {.bucket = "canaries-in-the-vault", .force_destroy = true}};
    const s3::Object object{
        stack,
        "object",
        {.body = Bytes{"nothing to hide"}, .bucket = bucket.name(), .key = "object", .metadata = {{"token", secrets.of("header")}}}};
}

/// What no service hands out again: state has a keyed hash of it.
void write_only(Stack& stack, const Secrets& secrets) {
    const secretsmanager::Secret text{
        stack, "text", {.force_delete_without_recovery = true, .name = "vault/text", .secret_string = secrets.of("text")}};
    const secretsmanager::Secret binary{
        stack,
        "binary",
        {.force_delete_without_recovery = true, .name = "vault/binary", .secret_binary = Bytes{secrets.of("binary").text}}};
    const rds::Instance database{stack,
                                 "database",
                                 {.allocated_storage = 20,
                                  .db_instance_class = "db.t4g.micro",
                                  .db_instance_identifier = "vault",
                                  .engine = "postgres",
                                  .master_user_password = secrets.of("password"),
                                  .master_username = "keeper",
                                  .skip_final_snapshot = true}};
}

void vault(Stack& stack, const Secrets& secrets) {
    readable(stack, secrets);
    write_only(stack, secrets);
    stack.output("secret", secrets.value_of("output"));
    stack.output("inside", Value::map({{"list", ValueList{Value{"plain"}, secrets.value_of("output")}}}));
    stack.output("document", document(stack, Value{}, "s3:GetObject", secrets.value_of("output")));
}

/// What another stack gives, as it is and computed with.
void reader(Stack& stack, const Secrets&) {
    const auto given = stack.reference<std::string>("vault", "secret");
    const ssm::Parameter copy{stack, "copy", {.name = "/reader/copy", .type = ssm::ParameterType::secure_string, .value = given}};
    const auto longer = given.map([](const std::string& text) { return "<" + text + ">"; });
    const sqs::Queue tagged{
        stack, "tagged", {.queue_name = "reader-tagged", .tags = {{"as-it-is", given}, {"longer", strata::concat({"to ", longer})}}}};
    stack.output("longer", longer);
}

/// Things that are there before: `import`, and the option for it.
void taken(Stack& stack, const Secrets& secrets) {
    const ssm::Parameter parameter{
        stack,
        "parameter",
        {.name = "/taken/parameter", .type = ssm::ParameterType::secure_string, .value = secrets.of("parameter")},
        {.import_id = "/taken/parameter"}};
    const sqs::Queue tagged{stack, "tagged", {.queue_name = "taken-tagged", .tags = {{"token", secrets.of("label")}}}};
}

// --- mistaken: what refuses a secret says why without it ---

void pattern(Stack& stack, const Secrets& secrets) {
    const auto longer_than_a_tag = strata::secret(secrets.of("pattern").text + std::string(300, '#'));
    const iam::Role role{stack,
                         "role",
                         {.assume_role_policy_document = document(stack, Value{}, "sts:AssumeRole", Value{"x"}),
                          .attached_policies = {longer_than_a_tag},
                          .tags = {{"token", longer_than_a_tag}}}};
    const secretsmanager::Secret copied{
        stack, "copied", {.name = "pattern", .replica_regions = {secretsmanager::ReplicaRegionType{.region = secrets.of("pattern")}}}};
    const logs::LogGroup tagged{stack, "tagged", {.log_group_name = "pattern", .tags = {{"token", longer_than_a_tag}}}};
    const logs::LogGroup group{stack, "group", {.log_group_name = secrets.of("pattern")}};
    const sqs::Queue queue{stack, "queue", {.policy = secrets.of("pattern"), .queue_name = "pattern"}};
}

void thrown(Stack& stack, const Secrets&) {
    const auto given = stack.reference<std::string>("vault", "secret");
    stack.output("thrown", given.map([](const std::string& text) -> std::string { throw std::runtime_error{"no use for " + text}; }));
}

void looked_for(Stack& stack, const Secrets& secrets) {
    const auto image =
        strata::aws::lookup<ec2::Image>(stack, {.filters = {strata::aws::LookupFilter{.name = "name", .values = {secrets.of("lookup")}}}});
    stack.output("image", image.id());
}

/// A name is shown, kept and sent in addresses wherever the thing is spoken of.
void named(Stack& stack, const Secrets& secrets) {
    const sqs::Queue queue{stack, "queue", {.queue_name = secrets.of("name")}};
    const ssm::Parameter parameter{stack, "parameter", {.name = secrets.of("name"), .type = ssm::ParameterType::string, .value = "x"}};
}

}  // namespace

int main(int argc, char** argv) {
    return strata::run(argc, argv, read_secrets,
                       {{"vault", vault},
                        {"reader", reader},
                        {"taken", taken},
                        {"pattern", pattern},
                        {"thrown", thrown},
                        {"looked-for", looked_for},
                        {"named", named}});
}
