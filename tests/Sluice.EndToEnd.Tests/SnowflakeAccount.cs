using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Sluice.Sandbox.Snowflake;
using Sluice.Sandbox.Snowflake.Catalog;

namespace Sluice.EndToEnd.Tests;

/// <summary>
/// A stand-in for an account in which a person has done what the documentation asks for: a system account with a role that may see the demo's databases,
/// and somebody with the six privileges to run the script.
/// </summary>
internal sealed class SnowflakeAccount : IAsyncDisposable
{
    public const string User = "SLUICE";
    public const string Role = "CRAWLER";
    public const string Warehouse = "SLUICE_WH";
    public const string Database = "SLUICE_GOVERNANCE";
    public const string SystemRole = $"{Database}_SYSTEM";
    public const string Installer = "INSTALLER";

    private const string InstallerPassword = "installer-password";
    private const string Password = "first-password";
    private const string KeyPassword = "of-the-key";

    private static readonly string[] Databases = ["SALES", "FINANCE", "HR", "ANALYTICS", "\"Analytics Lab\""];
    private static readonly string[] Kinds = ["TABLES", "VIEWS", "MATERIALIZED VIEWS", "EXTERNAL TABLES", "EVENT TABLES", "ICEBERG TABLES"];

    // To make a key takes longer than a login by it: one of each does for all accounts.
    private static readonly X509Certificate2 First = Certificate("first");
    private static readonly X509Certificate2 Next = Certificate("second");

    private SnowflakeAccount(SnowflakeSandbox sandbox) => Sandbox = sandbox;

    public SnowflakeSandbox Sandbox { get; }

    /// <summary>The payloads, their host a name of this machine whose first label is the account's.</summary>
    public SnowflakePayloads Payloads => new($"http://{Sandbox.AccountIdentifier.ToLowerInvariant()}.localhost", Sandbox.Endpoint.Port);

    /// <summary>Starts an account.</summary>
    /// <param name="options">The demo's when null.</param>
    /// <param name="grants">Whether the role of the crawl may see anything: the demo's databases, or all of another catalog.</param>
    public static async Task<SnowflakeAccount> StartAsync(SnowflakeSandboxOptions? options = null, bool grants = true)
    {
        options ??= new SnowflakeSandboxOptions();
        var sandbox = await SnowflakeSandbox.StartAsync(options with
        {
            Users =
            [
                new(User) { Password = Password, Roles = [Role] },
                new(Installer) { Password = InstallerPassword, Roles = [Installer, "ACCOUNTADMIN"], DefaultRole = Installer },
            ],
            Setup = [.. Privileges(), .. grants ? Grants(options.Catalog == SnowflakeSandboxCatalog.Demo) : [], .. options.Setup],
            OAuthClients =
            [
                new("sluice", User) { Secret = "first-client-secret", CertificatePem = First.ExportCertificatePem() },
                new("sluice", User) { Secret = "second-client-secret" },
                new("sluice-next", User) { CertificatePem = Next.ExportCertificatePem() },
            ],
        });
        return new SnowflakeAccount(sandbox);
    }

    /// <summary>What a connection logs in with; the second is what a person rotates to.</summary>
    public (SnowflakePayloads.Credentials First, Func<SnowflakePayloads.Credentials> Second) Ways(string way)
    {
        var authority = Sandbox.TokenEndpoint.AbsoluteUri;
        return way switch
        {
            "userPassword" => (new(way, Password), () =>
            {
                Sandbox.Change($"ALTER USER {User} SET PASSWORD = 'second-password'");
                return new(way, "second-password");
            }),
            "keyPair" => (new(way, Sandbox.CreateKeyPair(User)), () => new(way, Sandbox.CreateKeyPair(User))),
            "keyPairEncrypted" => (Encrypted(way), () => Encrypted(way)),
            "oAuthCertificate" => (
                new(way, Key(First), Thumbprint: First.GetCertHashString(HashAlgorithmName.SHA1), Authority: authority),
                () => new(way, Key(Next), Thumbprint: Next.GetCertHashString(HashAlgorithmName.SHA256), Client: "sluice-next", Authority: authority)),
            _ => (new(way, "first-client-secret", Authority: authority), () => new(way, "second-client-secret", Authority: authority)),
        };
    }

    public Task<SnowflakeSql> InstallerAsync() => SnowflakeSql.LogInAsync(Sandbox, Installer, InstallerPassword);

    public Task<SnowflakeSql> AdministratorAsync() =>
        SnowflakeSql.LogInAsync(Sandbox, SnowflakeSandbox.AdministratorName, Sandbox.PasswordOf(SnowflakeSandbox.AdministratorName));

    public ValueTask DisposeAsync() => Sandbox.DisposeAsync();

    private static IEnumerable<string> Privileges() =>
    [
        "USE ROLE ACCOUNTADMIN",
        .. ((string[])["CREATE DATABASE", "CREATE ROLE", "CREATE USER", "MANAGE GRANTS", "APPLY MASKING POLICY", "APPLY ROW ACCESS POLICY"])
            .Select(privilege => $"GRANT {privilege} ON ACCOUNT TO ROLE {Installer} WITH GRANT OPTION"),
        .. ((string[])[Installer, Role]).Select(role => $"GRANT USAGE ON WAREHOUSE {Warehouse} TO ROLE {role}"),
    ];

    private static IEnumerable<string> Grants(bool isDemo) => isDemo
        ? Databases.SelectMany(database => (string[])
        [
            $"GRANT USAGE ON DATABASE {database} TO ROLE {Role}",
            $"GRANT USAGE ON ALL SCHEMAS IN DATABASE {database} TO ROLE {Role}",
            .. Kinds.Select(kind => $"GRANT REFERENCES ON ALL {kind} IN DATABASE {database} TO ROLE {Role}"),
            $"GRANT MONITOR ON ALL DYNAMIC TABLES IN DATABASE {database} TO ROLE {Role}",
        ])
        : [$"GRANT ROLE {SnowflakeSandbox.ServiceRoleName} TO ROLE {Role}"];

    private SnowflakePayloads.Credentials Encrypted(string way)
    {
        using var key = RSA.Create();
        key.ImportFromPem(Sandbox.CreateKeyPair(User));
        var parameters = new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 2048);
        return new(way, key.ExportEncryptedPkcs8PrivateKeyPem(KeyPassword, parameters), KeyPassword);
    }

    /// <summary>A certificate like no other, signed by itself.</summary>
    public static X509Certificate2 Certificate(string name)
    {
        using var key = RSA.Create(2048);
        var now = TimeProvider.System.GetUtcNow();
        return new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
    }

    /// <summary>A certificate's private key.</summary>
    public static string Key(X509Certificate2 certificate)
    {
        using var key = certificate.GetRSAPrivateKey()!;
        return key.ExportPkcs8PrivateKeyPem();
    }
}
