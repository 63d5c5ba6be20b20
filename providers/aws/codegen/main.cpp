#include <array>
#include <cstdio>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/files.hpp"
#include "engine/base/json.hpp"
#include "providers/aws/codegen/model_registry.hpp"
#include "providers/aws/codegen/model_tables.hpp"

namespace {

using namespace strata;

using Arguments = std::span<const std::string>;

Error wrong_usage(std::string_view usage) {
    return Error{.kind = ErrorKind::usage, .summary = "Wrong arguments", .cause = "", .remedy = "strata_codegen " + std::string{usage}};
}

/// Leaves a file alone that holds `content` already: what depends on it is then not compiled again.
Status write_if_changed(const std::filesystem::path& path, std::string_view content) {
    const auto present = real_files().read(path);
    if (present && *present == content) return {};
    return real_files().replace(path, content, 0644);
}

/// model MODEL.json OUT.cpp
Status write_model(Arguments arguments) {
    if (arguments.size() != 2) return wrong_usage("model MODEL.json OUT.cpp");
    const std::filesystem::path source = arguments[0];
    const auto text = real_files().read(source);
    if (!text) return text.error();
    const auto document = parse_json(*text, source.string());
    if (!document) return document.error();
    const auto model = aws::LoadedModel::load(*document, source.stem().string());
    if (!model) return model.error();
    return write_if_changed(arguments[1], codegen::model_tables(**model));
}

/// registry OUT.cpp SERVICE...
Status write_registry(Arguments arguments) {
    if (arguments.size() < 2) return wrong_usage("registry OUT.cpp SERVICE...");
    return write_if_changed(arguments[0], codegen::model_registry(arguments.subspan(1)));
}

struct Command {
    std::string_view name;
    Status (*run)(Arguments);
};

constexpr std::array commands = {Command{"model", write_model}, Command{"registry", write_registry}};

Status run(Arguments arguments) {
    for (const auto& command : commands)
        if (!arguments.empty() && arguments[0] == command.name) return command.run(arguments.subspan(1));
    return wrong_usage("model|registry ...");
}

}  // namespace

int main(int argc, char** argv) {
    const std::vector<std::string> arguments{argv + 1, argv + argc};
    const auto done = run(arguments);
    if (done) return 0;
    std::fputs((done.error().text() + "\n").c_str(), stderr);
    return 1;
}
