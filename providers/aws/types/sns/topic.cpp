#include <array>
#include <string>

#include "providers/aws/resource/hooks.hpp"

namespace strata::aws::hooks::sns {

namespace {

constexpr std::array<std::string_view, 5> sample_rates = {"ApplicationSuccessFeedbackSampleRate", "FirehoseSuccessFeedbackSampleRate",
                                                          "HTTPSuccessFeedbackSampleRate", "LambdaSuccessFeedbackSampleRate",
                                                          "SQSSuccessFeedbackSampleRate"};
constexpr std::array<std::string_view, 3> fifo_only = {"ArchivePolicy", "ContentBasedDeduplication", "FifoThroughputScope"};

}  // namespace

/// FifoTopic is an attribute of FIFO topics only.
Status prepare_topic(Caller& /*call*/, std::string_view operation, const Step& /*step*/, ValueMap& params) {
    auto* attributes = operation == "CreateTopic" ? params.find("Attributes") : nullptr;
    if (attributes == nullptr || attributes->map() == nullptr) return {};
    const auto* fifo = attributes->map()->find("FifoTopic");
    if (fifo != nullptr && fifo->text_or("") == "false") attributes->map()->erase("FifoTopic");
    if (attributes->map()->empty()) params.erase("Attributes");
    return {};
}

/// The name is the end of the topic's ARN.
void show_topic_name(const Value& /*answer*/, const ProviderIdentity& /*identity*/, ValueMap& properties, ValueMap& outputs) {
    const auto* arn = outputs.find("Arn");
    if (arn == nullptr) return;
    const std::string text{arn->text_or("")};
    const Value name{text.substr(text.rfind(':') + 1)};
    properties.set("Name", name);
    outputs.set("Name", name);
}

void check_topic(const ValueMap& properties, const Provider::Report& report) {
    const auto* given = properties.find("FifoTopic");
    const bool known = given == nullptr || given->boolean() != nullptr;
    const bool fifo = given != nullptr && given->boolean_or(false);
    const auto* name = properties.find("Name");
    if (known && name != nullptr && name->string() != nullptr && name->string()->ends_with(".fifo") != fifo)
        report("Name", "A topic's name ends in .fifo if, and only if, it is a FIFO topic.",
               fifo ? "Add .fifo." : "Set `.fifo_topic = true`, or take .fifo off.");
    for (const auto attribute : fifo_only)
        if (known && !fifo && properties.contains(attribute))
            report(attribute, "Only a FIFO topic has it.", "Set `.fifo_topic = true`, or leave it out.");
    for (const auto rate : sample_rates) {
        const auto* value = properties.find(rate);
        const auto* percent = value != nullptr ? value->integer() : nullptr;
        if (percent != nullptr && (*percent < 0 || *percent > 100))
            report(rate, std::to_string(*percent) + " is no share of messages in percent.", "Choose 0 to 100.");
    }
}

}  // namespace strata::aws::hooks::sns
