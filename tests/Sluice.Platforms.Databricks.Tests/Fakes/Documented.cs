namespace Sluice.Platforms.Databricks.Tests.Fakes;

/// <summary>The documented payloads, with the placeholders filled in and mended only where connection-api-notes.md says.</summary>
internal static class Documented
{
    public const string TokenScript = """
        {
        "type": "Databricks",
        "autoBootstrap": false,
        "config": {
        "workspaceUrl": "www.your-workspace.cloud.databricks.com",
        "httpPath": "sql/protocolv1/o/0/0123-456789-abcde123",
        "authenticationType": "token",
        "token": "dapi-PLANTED-SECRET",
        "catalog": "new_catalog",
        "groupPattern": { "deny": "exempt group" },
        "audit": {"enabled": true}
        }
        }
        """;

    public const string OAuthScript = """
        {
        "type": "Databricks",
        "autoBootstrap": false,
        "config": {
        "workspaceUrl": "www.your-workspace.cloud.databricks.com",
        "httpPath": "sql/protocolv1/o/0/0123-456789-abcde123",
        "authenticationType": "oAuthM2M",
        "oAuthClientConfig": {
        "useCertificate": false,
        "clientId": "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee",
        "clientSecret": "dose-PLANTED-SECRET",
        "scope": "all-apis",
        "authorityUrl": "your.authority.com"
        },
        "catalog": "new_catalog",
        "groupPattern": { "deny": "exempt group" },
        "audit": {"enabled": true}
        }
        }
        """;

    public const string TokenRegistration = """
        {
        "connectionKey": "unity",
        "connection": {
        "technology": "Databricks",
        "hostname": "www.your-workspace.cloud.databricks.com",
        "port": 443,
        "httpPath": "/sql/1.0/warehouses/abc123",
        "authenticationType": "token",
        "token": "dapi-PLANTED-SECRET"
        },
        "settings": {
        "isActive": false
        },
        "options": {
        "forceRecursiveCrawl": true
        },
        "nativeIntegration": {
        "type": "Databricks",
        "autoBootstrap": false,
        "unityCatalog": true,
        "config": {
        "authenticationType": "token",
        "token": "dapi-PLANTED-SECRET",
        "host": "www.your-workspace.cloud.databricks.com",
        "port": 443,
        "catalog": "new_catalog",
        "audit": { "enabled": true },
        "workspaceIds": ["1234567890", "1234567891"],
        "enableNativeQueryParsing": false,
        "groupPattern": { "deny": "exempt group" },
        "jobConfig": {
        "workspaceDirectoryPath": "/Workspace/Artifacts",
        "jobClusterId": "undefined"
        }
        }
        }
        }
        """;

    public const string OAuthRegistration = """
        {
        "connectionKey": "unity",
        "connection": {
        "technology": "Databricks",
        "hostname": "www.your-workspace.cloud.databricks.com",
        "port": 443,
        "httpPath": "/sql/1.0/warehouses/abc123",
        "authenticationType": "oAuthM2M",
        "oAuthClientConfig": {
        "useCertificate": false,
        "clientId": "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee",
        "clientSecret": "dose-PLANTED-SECRET",
        "scope": "all-apis",
        "authorityUrl": "your.authority.com"
        }
        },
        "settings": {
        "isActive": false
        },
        "options": {
        "forceRecursiveCrawl": true
        },
        "nativeIntegration": {
        "type": "Databricks",
        "autoBootstrap": false,
        "unityCatalog": true,
        "config": {
        "host": "www.your-workspace.cloud.databricks.com",
        "port": 443,
        "authenticationType": "oAuthM2M",
        "oAuthClientConfig": {
        "useCertificate": false,
        "clientId": "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee",
        "clientSecret": "dose-PLANTED-SECRET",
        "scope": "all-apis",
        "authorityUrl": "your.authority.com"
        },
        "catalog": "new_catalog",
        "audit": { "enabled": true },
        "workspaceIds": ["1234567890", "1234567891"],
        "enableNativeQueryParsing": false,
        "groupPattern": { "deny": "exempt group" },
        "jobConfig": {
        "workspaceDirectoryPath": "/Workspace/Artifacts",
        "jobClusterId": "undefined"
        }
        }
        }
        }
        """;
}
