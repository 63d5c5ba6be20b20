#include "tests/providers/aws/servers/minio_process.hpp"

#include <filesystem>

#include <fmt/format.h>

namespace strata::aws {

MinioProcess::MinioProcess() {
    const auto cached = std::filesystem::path{STRATA_SOURCE_DIR} / ".cache/bin/minio";
    program_ = std::filesystem::exists(cached) ? cached.string() : wire::ChildProcess::find("minio");
    if (program_.empty()) return;
    const auto address = fmt::format("127.0.0.1:{}", wire::ChildProcess::free_port());
    server_.emplace(
        std::vector<std::string>{program_, "server", "--address", address, folder_.path.string()},
        wire::ChildProcess::Variables{
            {"MINIO_ROOT_USER", user}, {"MINIO_ROOT_PASSWORD", password}, {"MINIO_BROWSER", "off"}, {"HOME", folder_.path.string()}});
    if (!server_->wait_for_line("API: http://").empty()) url_ = "http://" + address;
}

}  // namespace strata::aws
