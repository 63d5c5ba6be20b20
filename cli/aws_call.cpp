#include <algorithm>

#include <fmt/format.h>

#include "cli/aws_kind.hpp"
#include "cli/connections.hpp"
#include "cli/verb_list.hpp"
#include "engine/base/json.hpp"
#include "engine/base/text.hpp"
#include "providers/aws/client/trace.hpp"
#include "providers/aws/model/loaded_model.hpp"
#include "providers/aws/model/registry.hpp"

namespace strata::cli {

namespace {

Error usage_error(std::string summary, std::string cause, std::string remedy) {
    return Error{.kind = ErrorKind::usage, .summary = std::move(summary), .cause = std::move(cause), .remedy = std::move(remedy)};
}

Result<std::unique_ptr<aws::LoadedModel>> model_in_file(const Command& command) {
    auto content = command.around.files.read(command.arguments.model);
    if (!content) return std::move(content).error();
    auto document = parse_json(*content, command.arguments.model);
    if (!document) return std::move(document).error();
    return aws::LoadedModel::load(*document, command.arguments.first);
}

Result<const aws::Service*> compiled_service(const std::string& name) {
    if (const auto* service = aws::find_service(name)) return service;
    std::vector<std::string> known;
    for (const auto* service : aws::compiled_services()) known.emplace_back(service->name);
    const auto near = nearest(name, known);
    return usage_error("Unknown service", fmt::format("There is no compiled model of \"{}\". There is: {}.", name, join(known, ", ")),
                       near ? fmt::format("Did you mean \"{}\"?", *near)
                            : "Give its model, botocore's service-2.json:\n  strata aws call SERVICE OPERATION --model FILE");
}

Result<const aws::Operation*> operation_of(const aws::Service& service, const Arguments& arguments) {
    if (const auto* operation = service.operation(arguments.second)) return operation;
    std::vector<std::string> known;
    for (const auto& operation : service.operations) known.emplace_back(operation.name);
    const auto near = nearest(arguments.second, known);
    return usage_error("Unknown operation", fmt::format("The model of {} has no operation \"{}\".", service.name, arguments.second),
                       near ? fmt::format("Did you mean \"{}\"?", *near)
                            : "Compiled models are trimmed; give the whole one, botocore's service-2.json, with --model.");
}

/// JSON as it stands, or "@FILE".
Result<Value> params_of(const Command& command) {
    const auto& given = command.arguments.params;
    if (given.empty()) return Value{ValueMap{}};
    auto text = given.starts_with('@') ? command.around.files.read(given.substr(1)) : Result<std::string>{given};
    if (!text) return std::move(text).error();
    auto parsed = parse_json(*text, "--params");
    if (parsed && parsed->map() != nullptr) return parsed;
    return usage_error("Parameters cannot be read", parsed.ok() ? std::string{"--params is no JSON object."} : parsed.error().cause,
                       "Write them like --params '{\"MaxResults\": 5}'.");
}

/// Sends the call, or only shows what would be sent.
Result<ExitCode> answered(Command& command, const ValueMap& config, const aws::Call& call) {
    Connections::Trace trace;
    if (command.arguments.verbose) trace = [&command](std::string_view line) { command.report.trace(line); };
    Connections connections{command.around.clock, command.around.variables, std::move(trace)};
    auto http = connections.http();
    if (!http) return std::move(http).error();
    const auto client = aws::Client::create(aws_options(config, connections), **http, command.around.clock, connections.trace());
    if (command.arguments.print_request) {
        const auto request = client->prepare(call);
        if (!request) return request.error();
        command.report.raw(aws::shown_request(*request, aws::Redactor{client->secrets(), call.params, call.operation->input}) + "\n");
        return ExitCode::ok;
    }
    const auto answer = client->call_and_wait(call);
    if (!answer) return answer.error();
    command.report.raw(to_json(*answer, JsonStyle::indented) + "\n");
    return ExitCode::ok;
}

}  // namespace

void add_aws_call_flags(FlagList& flags, Arguments& into) {
    flags.push_back({.name = "SERVICE", .help = "As botocore names it: ec2, s3, logs", .target = &into.first, .required = true});
    flags.push_back(
        {.name = "OPERATION", .help = "As the service's model names it: DescribeVpcs", .target = &into.second, .required = true});
    flags.push_back(
        {.name = "--params", .help = "Members of the request as a JSON object, or @FILE", .target = &into.params, .value = "JSON"});
    flags.push_back({.name = "--model",
                     .help = "Model to go by instead of the compiled one (botocore's service-2.json)",
                     .target = &into.model,
                     .value = "FILE",
                     .completion = Completion::file});
    flags.push_back({.name = "--region", .help = "Region, if not the environment's", .target = &into.region, .value = "REGION"});
    flags.push_back({.name = "--print-request",
                     .help = "Print the signed request, credentials masked, and send nothing",
                     .target = &into.print_request});
    add_environment_flags(flags, into);
    add_output_flags(flags, into);
}

Result<ExitCode> run_aws_call(Command& command) {
    const auto& arguments = command.arguments;
    auto model = arguments.model.empty() ? Result<std::unique_ptr<aws::LoadedModel>>{nullptr} : model_in_file(command);
    if (!model) return std::move(model).error();
    const auto service = *model != nullptr ? Result<const aws::Service*>{&(*model)->service()} : compiled_service(arguments.first);
    if (!service) return service.error();
    const auto operation = operation_of(**service, arguments);
    if (!operation) return operation.error();
    auto params = params_of(command);
    if (!params) return std::move(params).error();
    auto config = aws_config(command);
    if (!config) return std::move(config).error();
    if (!arguments.region.empty()) config->set("region", arguments.region);
    if (const auto* region = config->find("region"); region == nullptr || region->text_or("").empty())
        return usage_error("Region is missing", "Neither an environment nor --region nor AWS_REGION names one.", "Give --region.");
    return answered(command, *config, {.service = *service, .operation = *operation, .params = std::move(*params)});
}

}  // namespace strata::cli
