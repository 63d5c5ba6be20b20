# The mix of bench/mix.cpp for Terraform: a change there is a change here. The emulator is found through AWS_ENDPOINT_URL.
terraform {
  required_providers {
    aws = {
      source = "hashicorp/aws"
    }
  }
}

variable "datasets" { type = number }
variable "subnets" { type = number }

provider "aws" {
  region                      = "ca-central-1"
  s3_use_path_style           = true
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_region_validation      = true
}

locals {
  names = [for i in range(var.datasets) : "mix-dataset-${i}"]
  # Two of each dataset: { "mix-dataset-0-errors" = { name = "mix-dataset-0", which = "errors", at = 0 }, ... }
  watched = merge([for i, name in local.names : {
    for which in ["errors", "delay"] : "${name}-${which}" => { name = name, which = which, at = i }
  }]...)
}

# --- network ---

resource "aws_vpc" "this" {
  cidr_block = "10.0.0.0/16"
  tags       = { Name = "mix" }
}

resource "aws_internet_gateway" "this" {
  vpc_id = aws_vpc.this.id
}

resource "aws_subnet" "this" {
  count      = var.subnets
  vpc_id     = aws_vpc.this.id
  cidr_block = "10.0.${count.index}.0/24"
}

resource "aws_route_table" "this" {
  vpc_id = aws_vpc.this.id
}

resource "aws_route" "internet" {
  route_table_id         = aws_route_table.this.id
  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = aws_internet_gateway.this.id
}

resource "aws_route_table_association" "this" {
  count          = var.subnets
  route_table_id = aws_route_table.this.id
  subnet_id      = aws_subnet.this[count.index].id
}

# --- a dataset ---

resource "aws_iam_policy" "this" {
  count = var.datasets
  name  = local.names[count.index]
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["s3:GetObject", "s3:PutObject"]
      Resource = "arn:aws:s3:::${local.names[count.index]}/*"
    }]
  })
}

resource "aws_iam_role" "this" {
  count = var.datasets
  name  = local.names[count.index]
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = ["glue.amazonaws.com", "ecs-tasks.amazonaws.com"] }
    }]
  })
}

resource "aws_iam_role_policy_attachment" "this" {
  count      = var.datasets
  role       = aws_iam_role.this[count.index].name
  policy_arn = aws_iam_policy.this[count.index].arn
}

resource "aws_security_group" "this" {
  count       = var.datasets
  name        = local.names[count.index]
  description = "Tasks of a dataset"
  vpc_id      = aws_vpc.this.id
}

resource "aws_vpc_security_group_ingress_rule" "https" {
  count             = var.datasets
  security_group_id = aws_security_group.this[count.index].id
  cidr_ipv4         = "10.0.0.0/16"
  from_port         = 443
  to_port           = 443
  ip_protocol       = "tcp"
}

resource "aws_vpc_security_group_ingress_rule" "database" {
  count             = var.datasets
  security_group_id = aws_security_group.this[count.index].id
  cidr_ipv4         = "10.0.0.0/16"
  from_port         = 5432
  to_port           = 5432
  ip_protocol       = "tcp"
}

resource "aws_s3_bucket" "this" {
  count  = var.datasets
  bucket = local.names[count.index]
  tags   = { dataset = local.names[count.index] }
}

resource "aws_s3_bucket_versioning" "this" {
  count  = var.datasets
  bucket = aws_s3_bucket.this[count.index].id
  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "this" {
  count  = var.datasets
  bucket = aws_s3_bucket.this[count.index].id
  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "AES256"
    }
  }
}

resource "aws_s3_bucket_public_access_block" "this" {
  count                   = var.datasets
  bucket                  = aws_s3_bucket.this[count.index].id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_ownership_controls" "this" {
  count  = var.datasets
  bucket = aws_s3_bucket.this[count.index].id
  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_dynamodb_table" "this" {
  count        = var.datasets
  name         = local.names[count.index]
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "id"
  attribute {
    name = "id"
    type = "S"
  }
}

resource "aws_glue_catalog_database" "this" {
  count       = var.datasets
  name        = local.names[count.index]
  description = "Tables of a dataset"
}

resource "aws_glue_catalog_table" "this" {
  count         = var.datasets
  name          = "facts"
  database_name = aws_glue_catalog_database.this[count.index].name
  table_type    = "EXTERNAL_TABLE"
  storage_descriptor {
    location = "s3://${aws_s3_bucket.this[count.index].bucket}/facts/"
    columns {
      name = "id"
      type = "string"
    }
    columns {
      name = "amount"
      type = "double"
    }
  }
}

resource "aws_glue_job" "this" {
  count             = var.datasets
  name              = local.names[count.index]
  role_arn          = aws_iam_role.this[count.index].arn
  glue_version      = "4.0"
  number_of_workers = 2
  worker_type       = "G.1X"
  command {
    name            = "glueetl"
    script_location = "s3://${aws_s3_bucket.this[count.index].bucket}/job.py"
  }
}

resource "aws_ecs_task_definition" "this" {
  count                    = var.datasets
  family                   = local.names[count.index]
  cpu                      = "256"
  memory                   = "512"
  network_mode             = "awsvpc"
  requires_compatibilities = ["FARGATE"]
  execution_role_arn       = aws_iam_role.this[count.index].arn
  container_definitions    = jsonencode([{ name = "main", image = "busybox:1.36", essential = true, memory = 512 }])
}

resource "aws_cloudwatch_log_group" "this" {
  count             = var.datasets
  name              = "/mix/${local.names[count.index]}"
  retention_in_days = 7
}

resource "aws_sqs_queue" "this" {
  count                      = var.datasets
  name                       = local.names[count.index]
  visibility_timeout_seconds = 60
}

resource "aws_sns_topic" "this" {
  count = var.datasets
  name  = local.names[count.index]
}

resource "aws_sns_topic_subscription" "this" {
  count     = var.datasets
  topic_arn = aws_sns_topic.this[count.index].arn
  protocol  = "sqs"
  endpoint  = aws_sqs_queue.this[count.index].arn
}

resource "aws_cloudwatch_metric_alarm" "this" {
  for_each            = local.watched
  alarm_name          = each.key
  comparison_operator = "GreaterThanThreshold"
  evaluation_periods  = 3
  metric_name         = each.value.which
  namespace           = "Mix"
  period              = 300
  statistic           = "Average"
  threshold           = 10
  alarm_actions       = [aws_sns_topic.this[each.value.at].arn]
}

resource "aws_ssm_parameter" "this" {
  for_each = local.watched
  name     = "/mix/${each.value.name}/${each.value.which}"
  type     = "String"
  value    = "10"
}
