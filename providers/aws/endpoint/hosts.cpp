#include "providers/aws/endpoint/hosts.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "providers/aws/endpoint/partition.hpp"

namespace strata::aws {

namespace {

/// A service whose names do not follow the pattern. In a name, {region} is the region signed for, {suffix}
/// the partition's plain suffix, {dual} its dual-stack suffix. An empty name follows the pattern.
struct Exception {
    std::string_view prefix;
    std::string_view partition;       ///< empty: all that no row before named
    std::string_view signing_region;  ///< empty: the region asked for; "global": the partition's
    std::string_view plain = {};
    std::string_view fips = {};
    std::string_view dual_stack = {};
    std::string_view fips_dual_stack = {};
};

constexpr std::array exceptions = {
    // Services with one endpoint for all regions.
    Exception{"iam", "aws", "global", "iam.amazonaws.com", "iam-fips.amazonaws.com", "iam.global.api.aws", "iam-fips.global.api.aws"},
    Exception{"iam", "aws-us-gov", "global", "iam.us-gov.amazonaws.com", "iam.us-gov.amazonaws.com", "iam.us-gov.api.aws",
              "iam.us-gov.api.aws"},
    Exception{"iam", "aws-cn", "cn-north-1", "iam.cn-north-1.{suffix}", "iam-fips.{suffix}", "iam.global.{dual}", "iam-fips.{dual}"},
    Exception{"iam", "", "global", "iam.{region}.{suffix}", "iam-fips.{suffix}", "iam.global.{dual}", "iam-fips.{dual}"},
    Exception{"route53", "aws", "global", "route53.amazonaws.com", "route53-fips.amazonaws.com", "route53.global.api.aws",
              "route53-fips.global.api.aws"},
    Exception{"route53", "aws-us-gov", "global", "route53.us-gov.amazonaws.com", "route53.us-gov.amazonaws.com", "route53.us-gov.api.aws",
              "route53.us-gov.api.aws"},
    Exception{"route53", "aws-cn", "global", "route53.{suffix}", "route53-fips.{suffix}", "route53.global.{dual}", "route53-fips.{dual}"},
    Exception{"route53", "", "global", "route53.{suffix}", "route53-fips.{suffix}", "route53.global.{dual}", "route53-fips.{dual}"},
    Exception{"cloudfront", "aws", "global", "cloudfront.amazonaws.com", "cloudfront-fips.amazonaws.com", "cloudfront.global.api.aws",
              "cloudfront-fips.global.api.aws"},
    Exception{"cloudfront", "aws-cn", "global", "cloudfront.{region}.{suffix}", "cloudfront-fips.{region}.{suffix}", "cloudfront.{dual}",
              "cloudfront-fips.{dual}"},
    Exception{"cloudfront", "", "global", "cloudfront.{suffix}", "cloudfront-fips.{suffix}", "cloudfront.{dual}", "cloudfront-fips.{dual}"},
    Exception{"budgets", "aws", "global", "budgets.amazonaws.com", "budgets-fips.amazonaws.com", "budgets.us-east-1.api.aws",
              "budgets-fips.api.aws"},
    Exception{"budgets", "", "global", "budgets.{suffix}", "budgets-fips.{suffix}", "budgets.{dual}", "budgets-fips.{dual}"},
    Exception{"savingsplans", "aws", "global", "savingsplans.amazonaws.com", "", "savingsplans.global.api.aws"},
    Exception{"waf", "aws", "global", "waf.amazonaws.com", "waf-fips.amazonaws.com"},
    // Services that live in one region only, under the pattern's name.
    Exception{"account", "", "global"},
    Exception{"artifact", "", "global"},
    Exception{"ce", "", "global"},
    Exception{"chime", "aws", "global"},
    Exception{"networkmanager", "aws", "us-west-2"},
    Exception{"networkmanager", "", "global"},
    Exception{"organizations", "", "global"},
    Exception{"shield", "aws", "global"},
    Exception{"support", "aws", "global"},
    Exception{"tax", "", "global"},
    // Services whose dual-stack names have a form of their own.
    Exception{"s3", "", "", "", "", "s3.dualstack.{region}.{suffix}", "s3-fips.dualstack.{region}.{suffix}"},
    Exception{"s3-control", "", "", "", "", "s3-control.dualstack.{region}.{suffix}", "s3-control-fips.dualstack.{region}.{suffix}"},
    Exception{"secretsmanager", "", "", "", "", "secretsmanager.{region}.{suffix}", "secretsmanager-fips.{region}.{suffix}"},
    Exception{"api.ecr", "", "", "", "", "ecr.{region}.{dual}", "ecr-fips.{region}.{dual}"},
    Exception{"api.sagemaker", "", "", "", "api-fips.sagemaker.{region}.{suffix}"},
    Exception{"states", "aws-us-gov", "", "", "states.{region}.{suffix}", "states-fips.{region}.{dual}"},
    Exception{"elasticfilesystem", "", "", "", "", "efs.{region}.{dual}", "efs-fips.{region}.{dual}"},
    Exception{"batch", "aws", "", "", "fips.batch.{region}.{suffix}"},
};

// In GovCloud every endpoint of these is FIPS-validated, under its plain name.
constexpr std::array<std::string_view, 26> gov_plain_is_fips = {"access-analyzer",
                                                                "application-autoscaling",
                                                                "autoscaling",
                                                                "batch",
                                                                "cloudformation",
                                                                "cloudtrail",
                                                                "config",
                                                                "dynamodb",
                                                                "ec2",
                                                                "elasticache",
                                                                "elasticloadbalancing",
                                                                "events",
                                                                "guardduty",
                                                                "kinesis",
                                                                "logs",
                                                                "monitoring",
                                                                "networkmanager",
                                                                "organizations",
                                                                "rds",
                                                                "redshift",
                                                                "servicequotas",
                                                                "sns",
                                                                "sqs",
                                                                "ssm",
                                                                "sts",
                                                                "support"};
// Of these also the dual-stack name.
constexpr std::array<std::string_view, 4> gov_dual_stack_is_fips = {"events", "monitoring", "networkmanager", "organizations"};

bool plain_is_fips(std::string_view prefix, const Partition& partition, HostChoice choice) {
    if (partition.name != "aws-us-gov") return false;
    if (choice.dual_stack) return std::ranges::find(gov_dual_stack_is_fips, prefix) != gov_dual_stack_is_fips.end();
    return std::ranges::find(gov_plain_is_fips, prefix) != gov_plain_is_fips.end();
}

const Exception* exception_for(std::string_view prefix, std::string_view partition) {
    const auto* const found = std::ranges::find_if(
        exceptions, [&](const Exception& row) { return row.prefix == prefix && (row.partition.empty() || row.partition == partition); });
    return found == exceptions.end() ? nullptr : found;
}

std::string_view name_for(const Exception& row, HostChoice choice) {
    if (choice.fips && choice.dual_stack) return row.fips_dual_stack;
    if (choice.fips) return row.fips;
    return choice.dual_stack ? row.dual_stack : row.plain;
}

std::string pattern_name(std::string_view prefix, std::string_view region, const Partition& partition, HostChoice choice) {
    const bool suffixed = choice.fips && !plain_is_fips(prefix, partition, choice);
    return fmt::format("{}{}.{}.{}", prefix, suffixed ? "-fips" : "", region,
                       choice.dual_stack ? partition.dual_stack_suffix : partition.dns_suffix);
}

}  // namespace

AwsHost aws_host(std::string_view prefix, std::string_view region, HostChoice choice) {
    const auto& partition = partition_of(region);
    const auto* const row = exception_for(prefix, partition.name);
    if (row == nullptr) return {pattern_name(prefix, region, partition, choice), std::string{region}};

    const auto signed_for = row->signing_region.empty()       ? region
                            : row->signing_region == "global" ? partition.global_region
                                                              : row->signing_region;
    const auto name = name_for(*row, choice);
    if (name.empty()) return {pattern_name(prefix, signed_for, partition, choice), std::string{signed_for}};
    return {fmt::format(fmt::runtime(name), fmt::arg("region", signed_for), fmt::arg("suffix", partition.dns_suffix),
                        fmt::arg("dual", partition.dual_stack_suffix)),
            std::string{signed_for}};
}

}  // namespace strata::aws
