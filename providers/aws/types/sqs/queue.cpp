#include <algorithm>
#include <array>
#include <string>

#include "providers/aws/resource/hooks.hpp"

namespace strata::aws::hooks::sqs {

namespace {

struct Range {
    std::string_view name;
    std::int64_t least;
    std::int64_t most;
};

// SQS API reference, SetQueueAttributes.
constexpr std::array<Range, 6> ranges = {{{"DelaySeconds", 0, 900},
                                          {"KmsDataKeyReusePeriodSeconds", 60, 86'400},
                                          {"MaximumMessageSize", 1'024, 1'048'576},
                                          {"MessageRetentionPeriod", 60, 1'209'600},
                                          {"ReceiveMessageWaitTimeSeconds", 0, 20},
                                          {"VisibilityTimeout", 0, 43'200}}};

constexpr std::array<std::string_view, 3> fifo_only = {"ContentBasedDeduplication", "DeduplicationScope", "FifoThroughputLimit"};

bool flag(const ValueMap& properties, std::string_view name) {
    const auto* value = properties.find(name);
    return value != nullptr && value->boolean_or(false);
}

}  // namespace

/// FifoQueue is an attribute of FIFO queues only: "false" is refused.
Status prepare_queue(Caller& /*call*/, std::string_view operation, const Step& /*step*/, ValueMap& params) {
    auto* attributes = operation == "CreateQueue" ? params.find("Attributes") : nullptr;
    if (attributes == nullptr || attributes->map() == nullptr) return {};
    const auto* fifo = attributes->map()->find("FifoQueue");
    if (fifo != nullptr && fifo->text_or("") == "false") attributes->map()->erase("FifoQueue");
    if (attributes->map()->empty()) params.erase("Attributes");
    return {};
}

/// The name is the end of the queue's ARN.
void show_queue_name(const Value& /*answer*/, const ProviderIdentity& /*identity*/, ValueMap& properties, ValueMap& outputs) {
    const auto* arn = outputs.find("Arn");
    if (arn == nullptr) return;
    const std::string text{arn->text_or("")};
    const Value name{text.substr(text.rfind(':') + 1)};
    properties.set("QueueName", name);
    outputs.set("Name", name);
}

void check_queue(const ValueMap& properties, const Provider::Report& report) {
    for (const auto& range : ranges) {
        const auto* value = properties.find(range.name);
        const auto* number = value != nullptr ? value->integer() : nullptr;
        if (number != nullptr && (*number < range.least || *number > range.most))
            report(range.name, std::to_string(*number) + " is out of range.",
                   "Choose " + std::to_string(range.least) + " to " + std::to_string(range.most) + ".");
    }
    const auto* given = properties.find("FifoQueue");
    const bool known = given == nullptr || given->boolean() != nullptr;
    const bool fifo = flag(properties, "FifoQueue");
    const auto* name = properties.find("QueueName");
    if (known && name != nullptr && name->string() != nullptr && name->string()->ends_with(".fifo") != fifo)
        report("QueueName", "A queue's name ends in .fifo if, and only if, it is a FIFO queue.",
               fifo ? "Add .fifo." : "Set `.fifo_queue = true`, or take .fifo off.");
    for (const auto attribute : fifo_only)
        if (known && !fifo && properties.contains(attribute))
            report(attribute, "Only a FIFO queue has it.", "Set `.fifo_queue = true`, or leave it out.");
    const auto* key = properties.find("KmsMasterKeyId");
    if (properties.contains("KmsDataKeyReusePeriodSeconds") && (key == nullptr || key->is_null()))
        report("KmsDataKeyReusePeriodSeconds", "Only a queue with a key of KMS has it.", "Set `.kms_master_key_id`, or leave it out.");
    if (key != nullptr && !key->is_null() && flag(properties, "SqsManagedSseEnabled"))
        report("SqsManagedSseEnabled", "A queue is encrypted with a key of KMS or with one of SQS.", "Leave out one of the two.");
}

}  // namespace strata::aws::hooks::sqs
