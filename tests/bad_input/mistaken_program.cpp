// A program whose stacks are named for the mistake that each makes, and some sound ones to see what becomes of them when
// their surroundings fail. The tests of this folder run it on the emulator.
#include <chrono>
#include <stdexcept>
#include <thread>

#include "cli/run.hpp"
#include "providers/aws/ec2.hpp"
#include "providers/aws/logs.hpp"
#include "providers/aws/sqs.hpp"
#include "providers/aws/ssm.hpp"

namespace {

using strata::Stack;
namespace ec2 = strata::aws::ec2;
namespace logs = strata::aws::logs;
namespace sqs = strata::aws::sqs;
namespace ssm = strata::aws::ssm;

// --- sound ---

/// A chain of three, and one apart: where a call fails, what is behind it in the chain waits and the other goes on.
void sound(Stack& stack) {
    const sqs::Queue first{stack, "first", {.queue_name = "sound-first"}};
    const sqs::Queue second{stack, "second", {.queue_name = "sound-second", .tags = {{"after", first.arn()}}}};
    const ssm::Parameter last{stack, "last", {.name = "/sound/last", .type = ssm::ParameterType::string, .value = second.queue_url()}};
    const logs::LogGroup apart{stack, "apart", {.log_group_name = "sound-apart"}};
    stack.output("url", first.queue_url());
}

/// Many that need nothing of each other: more than run at once.
void wide(Stack& stack) {
    for (int i = 0; i < 40; ++i) {
        const auto name = "wide-" + std::to_string(i);
        const sqs::Queue queue{stack, name, {.queue_name = name}};
    }
}

void secret(Stack& stack) {
    const ssm::Parameter key{
        stack,
        "key",
        {.name = "/secret/key", .type = ssm::ParameterType::secure_string, .value = strata::secret("correct-horse-battery-staple")}};
    stack.output("key", key.name());
}

/// What the service model does not know, on purpose.
void unchecked(Stack& stack) {
    const ssm::Parameter fast{stack,
                              "fast",
                              {.additional = {{"Speed", strata::Value{"high"}}},
                               .name = "/fast",
                               .tier = strata::enum_value("Lightning"),
                               .type = ssm::ParameterType::string,
                               .value = "x"}};
}

// --- mistaken ---

void cycle(Stack& stack) {
    const sqs::Queue first{stack, "first", {.queue_name = "cycle-first"}};
    const sqs::Queue second{stack, "second", {.queue_name = "cycle-second", .tags = {{"after", first.arn()}}}};
    first.contribute(stack, "RedrivePolicy", strata::Input<std::string>{second.arn()}.declared());
}

void duplicate_address(Stack& stack) {
    const sqs::Queue first{stack, "queue", {.queue_name = "first"}};
    const sqs::Queue second{stack, "queue", {.queue_name = "second"}};
}

void bad_cidr(Stack& stack) {
    const ec2::Vpc network{stack, "network", {.cidr_block = "10.0.0.0/33"}};
    const ec2::Subnet subnet{stack, "subnet", {.cidr_block = "10.0.0.300/24", .vpc_id = network.id()}};
}

/// What the compiler cannot see: ranges, patterns, members that must be there.
void bad_values(Stack& stack) {
    const sqs::Queue slow{stack, "slow", {.delay_seconds = 901}};
    const logs::LogGroup spaced{stack, "spaced", {.log_group_name = "two words"}};
    const ssm::Parameter nameless{stack, "nameless", {.type = ssm::ParameterType::string}};
}

void unknown_stack(Stack& stack) {
    const ssm::Parameter copy{
        stack, "copy", {.name = "/copy", .type = ssm::ParameterType::string, .value = stack.reference<std::string>("elsewhere", "url")}};
}

void user(Stack& stack) {
    const ssm::Parameter copy{
        stack, "copy", {.name = "/copy", .type = ssm::ParameterType::string, .value = stack.reference<std::string>("sound", "url")}};
}

/// Does not come to an end by itself.
void endless(Stack&) {
    while (true) std::this_thread::sleep_for(std::chrono::milliseconds{10});
}

void throws(Stack&) { throw std::runtime_error{"the zone list is empty"}; }

}  // namespace

int main(int argc, char** argv) {
    return strata::run(argc, argv,
                       {{"sound", sound},
                        {"wide", wide},
                        {"secret", secret},
                        {"unchecked", unchecked},
                        {"cycle", cycle},
                        {"duplicate-address", duplicate_address},
                        {"bad-cidr", bad_cidr},
                        {"bad-values", bad_values},
                        {"unknown-stack", unknown_stack},
                        {"user", user},
                        {"endless", endless},
                        {"throws", throws}});
}
