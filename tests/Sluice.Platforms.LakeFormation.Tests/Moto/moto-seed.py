"""Fills a fresh moto with AWS's own client: users, a role, a catalog, LF-Tags and grants. Prints what a test needs to know as JSON.

usage: moto-seed.py ENDPOINT POLICY_FILE
"""
import json
import sys

import boto3

endpoint, policy_file = sys.argv[1:3]
policy = json.load(open(policy_file, encoding="utf-8"))
account = "123456789012"


def client(service):
    return boto3.client(service, endpoint_url=endpoint, region_name="us-east-1", aws_access_key_id="seed", aws_secret_access_key="seed")


iam, glue, lake = client("iam"), client("glue"), client("lakeformation")


def user(name, document):
    iam.create_user(UserName=name)
    iam.put_user_policy(UserName=name, PolicyName="p", PolicyDocument=json.dumps(document))
    key = iam.create_access_key(UserName=name)["AccessKey"]
    return {"id": key["AccessKeyId"], "secret": key["SecretAccessKey"]}


def actions(allowed):
    return {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": allowed, "Resource": "*"}]}


everything = policy["Statement"][0]["Action"]
out = {
    "documented": user("documented", policy),
    "without": {
        action: user("without-" + action.split(":")[1], actions([a for a in everything if a != action]))
        for action in ["glue:GetDatabases", "glue:GetTables", "lakeformation:ListPermissions", "lakeformation:ListLFTags"]
    },
    "server": user("server", actions(["sts:AssumeRole"])),
}
role = iam.create_role(RoleName="sluice", AssumeRolePolicyDocument=json.dumps({
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{account}:user/server"}, "Action": "sts:AssumeRole",
                   "Condition": {"StringEquals": {"sts:ExternalId": "moto-external-id"}}}],
}))
iam.put_role_policy(RoleName="sluice", PolicyName="p", PolicyDocument=json.dumps(policy))
out["role"] = role["Role"]["Arn"]

for database in ["sales", "hr"]:
    glue.create_database(DatabaseInput={"Name": database, "Description": f"the {database} database"})
    for table in ["orders", "people"]:
        glue.create_table(DatabaseName=database, TableInput={
            "Name": table,
            "Description": "made by moto-seed",
            "TableType": "EXTERNAL_TABLE",
            "StorageDescriptor": {"Columns": [{"Name": "id", "Type": "bigint"}, {"Name": "name", "Type": "string", "Comment": "who"}]},
            "PartitionKeys": [{"Name": "dt", "Type": "date"}],
            "Parameters": {"table_type": "ICEBERG"} if table == "orders" else {},
        })
lake.create_lf_tag(TagKey="sensitivity", TagValues=["public", "pii"])
for database in ["sales", "hr"]:
    lake.add_lf_tags_to_resource(
        Resource={"Database": {"Name": database}}, LFTags=[{"TagKey": "sensitivity", "TagValues": ["public"]}])
    lake.add_lf_tags_to_resource(
        Resource={"Table": {"DatabaseName": database, "Name": "people"}}, LFTags=[{"TagKey": "sensitivity", "TagValues": ["pii"]}])
lake.grant_permissions(
    Principal={"DataLakePrincipalIdentifier": "IAM_ALLOWED_PRINCIPALS"},
    Resource={"Table": {"DatabaseName": "hr", "Name": "people"}},
    Permissions=["ALL"])
lake.grant_permissions(
    Principal={"DataLakePrincipalIdentifier": f"arn:aws:iam::{account}:user/documented"},
    Resource={"Table": {"DatabaseName": "sales", "TableWildcard": {}}},
    Permissions=["SELECT", "DESCRIBE", "INSERT", "DELETE"],
    PermissionsWithGrantOption=["SELECT", "DESCRIBE", "INSERT", "DELETE"])
print(json.dumps(out))
