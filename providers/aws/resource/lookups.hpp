#pragma once

#include <source_location>
#include <string>
#include <string_view>
#include <vector>

#include "engine/model/input.hpp"
#include "engine/model/stack.hpp"

namespace strata::aws {

/// What a lookup found, member by member of the service's answer ("ImageId").
class Found {
public:
    Found(const Scope& scope, std::string_view kind, Declared arguments, const LookupOptions& options, const std::source_location& where);

protected:
    template <typename T>
    [[nodiscard]] Output<T> output(std::string_view member) const {
        return {*graph_, add(member)};
    }

private:
    [[nodiscard]] std::uint32_t add(std::string_view member) const;

    Graph* graph_;
    std::string kind_;
    std::string provider_;
    ValueMap arguments_;
    Location where_;
};

/// A filter of EC2's describe calls: `{.name = "architecture", .values = {"arm64"}}`.
struct LookupFilter {
    Input<std::string> name{};
    List<std::string> values{};
    friend Declared fields(const LookupFilter& value);
};

namespace ec2 {

/// The newest machine image that matches.
class Image : public Found {
public:
    struct Query {
        List<LookupFilter> filters{};
        List<std::string> image_ids{};
        List<std::string> owners{};
        friend Declared fields(const Query& value);
    };
    Image(const Scope& scope, const Query& query, const LookupOptions& options, const std::source_location& where)
        : Found{scope, "aws.ec2.Image", fields(query), options, where} {}
    [[nodiscard]] Output<std::string> id() const { return output<std::string>("ImageId"); }
    [[nodiscard]] Output<std::string> name() const { return output<std::string>("Name"); }
};

/// The region's availability zones; `Environment::zones` has those that the configuration names.
class AvailabilityZones : public Found {
public:
    struct Query {
        List<LookupFilter> filters{};
        friend Declared fields(const Query& value);
    };
    AvailabilityZones(const Scope& scope, const Query& query, const LookupOptions& options, const std::source_location& where)
        : Found{scope, "aws.ec2.AvailabilityZones", fields(query), options, where} {}
    [[nodiscard]] Output<std::vector<std::string>> names() const { return output<std::vector<std::string>>("ZoneName"); }
    [[nodiscard]] Output<std::vector<std::string>> ids() const { return output<std::vector<std::string>>("ZoneId"); }
};

/// A list of address ranges that AWS keeps ("com.amazonaws.ca-central-1.s3").
class PrefixList : public Found {
public:
    struct Query {
        List<LookupFilter> filters{};
        List<std::string> prefix_list_ids{};
        friend Declared fields(const Query& value);
    };
    PrefixList(const Scope& scope, const Query& query, const LookupOptions& options, const std::source_location& where)
        : Found{scope, "aws.ec2.PrefixList", fields(query), options, where} {}
    [[nodiscard]] Output<std::string> id() const { return output<std::string>("PrefixListId"); }
};

}  // namespace ec2

namespace sts {

/// As whom the program's credentials work.
class CallerIdentity : public Found {
public:
    struct Query {};
    CallerIdentity(const Scope& scope, const Query&, const LookupOptions& options, const std::source_location& where)
        : Found{scope, "aws.sts.CallerIdentity", Declared{}, options, where} {}
    [[nodiscard]] Output<std::string> account() const { return output<std::string>("Account"); }
    [[nodiscard]] Output<std::string> arn() const { return output<std::string>("Arn"); }
};

}  // namespace sts

/// `aws::lookup<aws::ec2::Image>(stack, {.owners = {"amazon"}}, {.provider = ireland}).id()`: asked while planning. Without
/// `provider` it asks the instance that the components around name, else the default one.
template <typename Kind>
Kind lookup(const Scope& scope, const typename Kind::Query& query, const LookupOptions& options = {},
            const std::source_location& where = std::source_location::current()) {
    return Kind{scope, query, options, where};
}

}  // namespace strata::aws
