using Sluice.Sandbox.Aws;
using Sluice.Testing;

namespace Sluice.EndToEnd.Tests;

/// <summary>The documented payloads, verbatim but for the filled placeholders; endpoints is ours and leads to the stand-in.</summary>
internal static class Payloads
{
    public static string Endpoints(AwsSandbox aws) =>
        $$"""{"glue": "{{aws.Endpoint}}", "lakeformation": "{{aws.Endpoint}}", "sts": "{{aws.Endpoint}}"}""";

    public static string GlueAccessKey(AwsSandbox aws, string key, string? secret = null, string isActive = "false") =>
        $$"""
        {
        "connectionKey": "{{key}}",
        "connection": {
        "technology": "Glue",
        "authenticationType": "accessKey",
        "region": "us-east-1",
        "accountId": "{{aws.AccountId}}",
        "accessKeyId": "{{aws.Credentials.AccessKeyId}}",
        "secretAccessKey": "{{secret ?? aws.Credentials.SecretAccessKey}}",
        "endpoints": {{Endpoints(aws)}}
        },
        "settings": {
        "isActive": {{isActive}}
        },
        "options": {
        "forceRecursiveCrawl": true
        }
        }
        """;

    public static string GlueAssumedRole(AwsSandbox aws, string key) =>
        $$"""
        {
        "connectionKey": "{{key}}",
        "connection": {
        "technology": "Glue",
        "authenticationType": "assumedRole",
        "region": "us-east-1",
        "accountId": "{{aws.AccountId}}",
        "roleARN": "{{aws.RoleArn}}",
        "endpoints": {{Endpoints(aws)}}
        },
        "settings": {
        "isActive": false
        },
        "options": {
        "forceRecursiveCrawl": true
        }
        }
        """;

    public static string PostgreSql(PostgresCluster cluster, string key, string password, string? guard = null) =>
        $$"""
        {
          "connectionKey": "{{key}}",
          "connection": {
            "technology": "PostgreSQL",
            "authenticationType": "userPassword",
            "hostname": "{{cluster.Host}}",
            "port": {{cluster.Port}},
            "username": "postgres",
            "password": "{{password}}",
            "sslMode": "disable"
          },
          "settings": {"isActive": false, "guard": {{guard ?? "{}"}}},
          "options": {"forceRecursiveCrawl": true}
        }
        """;
}
