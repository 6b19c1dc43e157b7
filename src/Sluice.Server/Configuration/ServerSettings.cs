using System.Collections;
using System.Net;
using Microsoft.Extensions.Logging;
using Sluice.Core.Problems;
using Sluice.Engine;
using Sluice.Platforms.Egress;
using Sluice.Server.Authentication;
using Sluice.Storage;
using Sluice.Storage.Vault;

namespace Sluice.Server.Configuration;

/// <summary>Everything the server was told, checked. An immutable snapshot.</summary>
public sealed record ServerSettings
{
    /// <summary>The server's directory, absolute.</summary>
    public string DataDirectory => Database.DataDirectory;

    /// <summary>The configuration file that was read, absolute; null: none.</summary>
    public string? ConfigurationFile { get; init; }

    /// <summary>Sluice's own database.</summary>
    public required DatabaseOptions Database { get; init; }

    /// <summary>Where the API listens.</summary>
    public required IReadOnlyList<ListenAddress> Urls { get; init; }

    /// <summary>Where metrics and health are served without authentication; empty: nowhere.</summary>
    public IReadOnlyList<ListenAddress> MetricsUrls { get; init; } = [];

    /// <summary>The certificate of https listeners.</summary>
    public TlsSettings? Tls { get; init; }

    /// <summary>The proxies whose forwarded headers are believed.</summary>
    public IReadOnlyList<IPNetwork> KnownProxies { get; init; } = [];

    /// <summary>The largest request body, in bytes.</summary>
    public int MaxBody { get; init; } = 1024 * 1024;

    /// <summary>Requests a second and caller; 0: no limit.</summary>
    public int RateLimit { get; init; }

    /// <summary>Failed authentications a minute and address before the answer is 429.</summary>
    public int AuthenticationFailureLimit { get; init; } = 20;

    /// <summary>Where the server may connect.</summary>
    public EgressPolicy Egress { get; init; } = new();

    /// <summary>The vault's key, and where file secrets may lie.</summary>
    public required VaultOptions Vault { get; init; }

    /// <summary>The OIDC issuer whose tokens are accepted; null: API keys only.</summary>
    public OidcSettings? Oidc { get; init; }

    /// <summary>The administrator's key to start with; null: the server makes one.</summary>
    public string? AdminKey { get; init; }

    /// <summary>The server's own AWS identity.</summary>
    public AwsOptions Aws { get; init; } = new();

    /// <summary>How jobs run.</summary>
    public EngineOptions Engine { get; init; } = new();

    /// <summary>Where telemetry is sent; null: nowhere.</summary>
    public Uri? OtlpEndpoint { get; init; }

    /// <summary>What is logged.</summary>
    public LogLevel LogLevel { get; init; } = LogLevel.Information;

    /// <summary>Whether log lines are JSON.</summary>
    public bool LogAsJson { get; init; }

    /// <summary>What is allowed but unwise; logged at every start.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Reads the settings from flags, environment and sluice.json.</summary>
    /// <param name="args">The flags of <c>serve</c>, without the command itself.</param>
    /// <param name="environment">The environment variables.</param>
    /// <param name="problems">Every problem, by where the setting was given.</param>
    /// <returns>The settings, or null when there is any problem.</returns>
    public static ServerSettings? Parse(
        IReadOnlyList<string> args, IReadOnlyDictionary<string, string> environment, out ProblemList problems)
    {
        problems = new ProblemList();
        var settings = new SettingsAssembly(new SettingReader(args, environment, problems), environment).Assemble();
        return problems.Any ? null : settings;
    }

    /// <summary>The environment of this process, as <see cref="Parse"/> takes it.</summary>
    public static IReadOnlyDictionary<string, string> CurrentEnvironment() =>
        Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .ToDictionary(e => (string)e.Key, e => (string?)e.Value ?? "", StringComparer.Ordinal);

    /// <summary>The text of <c>serve --help</c>: every setting with its flag, variable, key, default and meaning.</summary>
    public static string Help() => SettingsHelp.Write();

    /// <summary>Never the members: some are secrets.</summary>
    public override string ToString() => $"Settings of {DataDirectory}";
}
