using System.Data.Common;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Sluice.Engine;
using Sluice.Engine.Auditing;
using Sluice.Engine.QueryAudit;
using Sluice.Platforms.Egress;
using Sluice.Server.Authentication;
using Sluice.Storage;
using Sluice.Storage.Vault;

namespace Sluice.Server.Configuration;

/// <summary>Makes typed settings of what the sources say; goes on after a problem, so that all are told at once.</summary>
internal sealed class SettingsAssembly(SettingReader read, IReadOnlyDictionary<string, string> environment)
{
    private const UnixFileMode OthersRead = UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    private readonly List<string> _warnings = [];

    public ServerSettings Assemble()
    {
        var urls = Addresses(SettingTable.Urls);
        var metricsUrls = Addresses(SettingTable.MetricsUrls);
        var directory = Path.GetFullPath(read.Text(SettingTable.DataDirectory)!);
        var settings = new ServerSettings
        {
            ConfigurationFile = read.File,
            Database = new DatabaseOptions { DataDirectory = directory, PostgreSqlConnectionString = Database() },
            Urls = urls,
            MetricsUrls = metricsUrls,
            Tls = Tls([.. urls, .. metricsUrls]),
            KnownProxies = [.. read.List(SettingTable.ForwardedHeaders).Select(t => Network(SettingTable.ForwardedHeaders, t)).OfType<IPNetwork>()],
            MaxBody = read.Number(SettingTable.MaxBody, 1024, 64 * 1024 * 1024),
            RateLimit = read.Number(SettingTable.RateLimit, 0, 1_000_000),
            AuthenticationFailureLimit = read.Number(SettingTable.AuthFailureLimit, 1, 100_000),
            Egress = Egress(),
            Vault = Vault(directory),
            Oidc = new OidcSettingsReader(read).Read(),
            AdminKey = AdminKey(),
            Aws = new AwsOptions
            {
                AllowedRoleArns = read.List(SettingTable.AwsAllowedRole),
                AllowedStsHosts = read.List(SettingTable.AwsStsHost),
            },
            Engine = new EngineOptions
            {
                CrawlConcurrency = read.Number(SettingTable.CrawlConcurrency, 1, 64),
                MaxAttempts = read.Number(SettingTable.JobAttempts, 1, 100),
                Audit = Audit() with { Forwards = read.Given(SettingTable.OtlpEndpoint) is not null },
                QueryAudit = new QueryAuditOptions
                {
                    Keep = TimeSpan.FromDays(read.Number(SettingTable.QueryAuditRetention, 0, 36_600)),
                    KeepsText = read.Switch(SettingTable.QueryAuditText),
                },
                KeepJobs = read.Duration(SettingTable.KeepJobs, TimeSpan.FromHours(1), TimeSpan.FromDays(3660)),
                KeepPlans = read.Duration(SettingTable.KeepPlans, TimeSpan.FromDays(1), TimeSpan.FromDays(3660)),
                ShutdownGrace = read.Duration(SettingTable.ShutdownGrace, TimeSpan.Zero, TimeSpan.FromMinutes(10)),
            },
            OtlpEndpoint = OtlpEndpoint(),
            LogLevel = Enum.Parse<LogLevel>(read.Choice(SettingTable.LogLevel, "debug", "information", "warning", "error"), ignoreCase: true),
            LogAsJson = read.Choice(SettingTable.LogFormat, "text", "json") == "json",
        };
        WarnOfUnknownVariables();
        WarnOfPlainText(urls, settings.KnownProxies);
        return settings with { Warnings = _warnings };
    }

    private List<ListenAddress> Addresses(Setting setting)
    {
        var addresses = new List<ListenAddress>();
        foreach (var url in read.List(setting))
        {
            if (ListenAddress.Read(url, out var problem) is { } address) addresses.Add(address);
            else read.Reject(setting, problem!);
        }

        if (addresses.Count == 0 && setting == SettingTable.Urls && !read.Problems.Any) read.Reject(setting, "must name at least one URL");
        return addresses;
    }

    private TlsSettings? Tls(IReadOnlyList<ListenAddress> addresses)
    {
        var certificate = ExistingFile(SettingTable.TlsCert);
        var key = ExistingFile(SettingTable.TlsKey);
        var wanted = addresses.Any(a => a.IsTls);
        if (certificate is null)
        {
            if (wanted && read.Find(SettingTable.TlsCert) is null) read.Reject(SettingTable.Urls, "an https URL needs --tls-cert");
            if (key is not null) read.Reject(SettingTable.TlsKey, "is of no use without --tls-cert");
            return null;
        }

        if (!wanted) read.Reject(SettingTable.TlsCert, "is of no use without an https URL in --urls");
        var tls = new TlsSettings(certificate, key ?? certificate);
        if (tls.Problem is { } problem) read.Reject(key is null ? SettingTable.TlsCert : SettingTable.TlsKey, problem);
        return tls;
    }

    private string? Database()
    {
        var given = read.Find(SettingTable.Database);
        var file = ExistingFile(SettingTable.DatabaseFile);
        if (given is not null && file is not null)
        {
            read.Reject(SettingTable.DatabaseFile, $"contradicts {given.Origin}: give one of them");
            return null;
        }

        var text = given?.Texts[^1];
        if (file is not null)
        {
            WarnOfReaders(file);
            text = File.ReadAllText(file).Trim();
        }

        if (text is null) return null;
        var setting = given is null ? SettingTable.DatabaseFile : SettingTable.Database;
        if (text.Contains("://", StringComparison.Ordinal))
        {
            read.Reject(setting, "must have the form Host=…;Database=…;Username=…, not that of a URL");
            return null;
        }

        if (!DatabaseOptions.CanRead(text))
        {
            // Which part of it is wrong is not said: it can be a part of the password.
            read.Reject(setting, "is not a connection string of the form Host=…;Database=…;Username=…, or has a keyword or value that PostgreSQL's client does not know");
            return null;
        }

        var parts = new DbConnectionStringBuilder { ConnectionString = text };
        if (!(parts.ContainsKey("Host") || parts.ContainsKey("Server"))) read.Reject(setting, "names no Host");
        var holdsPassword = parts.ContainsKey("Password") || parts.ContainsKey("Pwd");
        if (holdsPassword && given?.Origin == SettingTable.Database.Flag)
            _warnings.Add("The database password stands on the command line, where every user of this machine sees it: use --database-file or SLUICE_DATABASE.");
        if (holdsPassword && given is not null && read.File is { } own && given.Origin.EndsWith(": database", StringComparison.Ordinal)) WarnOfReaders(own);
        return text;
    }

    private EgressPolicy Egress()
    {
        var policy = new EgressPolicy
        {
            AllowLoopback = read.Switch(SettingTable.AllowLoopback),
            AllowedNetworks = [.. read.List(SettingTable.AllowNetwork).Select(t => Network(SettingTable.AllowNetwork, t)).OfType<IPNetwork>()],
        };
        var hosts = new List<string>();
        foreach (var host in read.List(SettingTable.AllowHost))
        {
            try
            {
                _ = new EgressGuard(new EgressPolicy { AllowedHosts = [host] });
                hosts.Add(host);
            }
            catch (ArgumentException e)
            {
                read.Reject(SettingTable.AllowHost, e.Message.Split(" (Parameter", 2)[0]);
            }
        }

        return policy with { AllowedHosts = hosts };
    }

    private VaultOptions Vault(string dataDirectory)
    {
        var vault = new VaultOptions
        {
            DataDirectory = dataDirectory,
            KeyFile = FullPath(read.Given(SettingTable.VaultKeyFile)),
            KeyInDataDirectory = read.Switch(SettingTable.VaultKeyInData),
            KeyCommand = read.Given(SettingTable.VaultKeyCommand),
            SecretDirectory = FullPath(read.Given(SettingTable.SecretDirectory)),
            AcceptLostKeys = read.Switch(SettingTable.VaultAcceptLostKeys),
        };
        Setting[] ways = [SettingTable.VaultKeyFile, SettingTable.VaultKeyInData, SettingTable.VaultKeyCommand, SettingTable.VaultKey];
        var chosen = ways.Where(w => w.Kind == SettingKind.Switch ? vault.KeyInDataDirectory : read.Given(w) is not null).ToList();
        foreach (var other in chosen.Skip(1)) read.Reject(other, $"contradicts {read.Find(chosen[0])!.Origin}: the vault has one key");
        if (vault.SecretDirectory is { } directory && !Directory.Exists(directory))
            read.Reject(SettingTable.SecretDirectory, $"there is no directory '{directory}'");
        return vault;
    }

    private AuditOptions Audit()
    {
        var audit = new AuditOptions();
        if (read.Given(SettingTable.AuditKeep) is not null)
            audit = audit with { Keep = read.Duration(SettingTable.AuditKeep, TimeSpan.FromDays(1), TimeSpan.FromDays(36_600)) };
        if (read.Given(SettingTable.AuditCheckpoints) is not { } text) return audit;
        if (!text.Contains("://", StringComparison.Ordinal)) return audit with { CheckpointFile = Path.GetFullPath(text) };
        if (Uri.TryCreate(text, UriKind.Absolute, out var url) && url.UserInfo.Length == 0
            && (url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && EgressGuard.IsLoopback(url.IdnHost))))
            return audit with { CheckpointUrl = url };
        read.Reject(SettingTable.AuditCheckpoints, "must be a file or an https URL without a user");
        return audit;
    }

    private string? AdminKey()
    {
        if (read.Given(SettingTable.AdminKey) is not { } text) return null;
        if (ApiKey.Read(text) is null) read.Reject(SettingTable.AdminKey, ApiKey.Form);
        return text;
    }

    private Uri? OtlpEndpoint()
    {
        if (read.Given(SettingTable.OtlpEndpoint) is not { } text) return null;
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
            read.Reject(SettingTable.OtlpEndpoint, "must be an http or https URL");
        else if (uri.Scheme == "http" && !EgressGuard.IsLoopback(uri.IdnHost))
            read.Reject(SettingTable.OtlpEndpoint, "must be https, but for this machine: traces and logs say who asks for what");
        else return uri;
        return null;
    }

    private IPNetwork? Network(Setting setting, string text)
    {
        if (IPNetwork.TryParse(text, out var network)) return network;
        if (IPAddress.TryParse(text, out var address))
            return new IPNetwork(address, address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128);
        read.Reject(setting, $"'{text}' is not a network such as 10.0.0.0/8");
        return null;
    }

    private string? ExistingFile(Setting setting)
    {
        if (read.Given(setting) is not { } text) return null;
        if (File.Exists(text)) return Path.GetFullPath(text);
        read.Reject(setting, $"there is no file '{text}'");
        return null;
    }

    private void WarnOfReaders(string file)
    {
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(file) & OthersRead) != 0)
            _warnings.Add($"{file} holds the database's password and other users of this machine can read it: chmod 600.");
    }

    private void WarnOfUnknownVariables()
    {
        var known = SettingTable.All.Select(s => s.EnvironmentVariable).ToHashSet(StringComparer.Ordinal);
        foreach (var name in environment.Keys.Where(n => n.StartsWith("SLUICE_", StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            if (!known.Contains(name) && !name.StartsWith("SLUICE_SECRET_", StringComparison.Ordinal))
                _warnings.Add($"The environment variable {name} is not a setting.");
        }
    }

    private void WarnOfPlainText(IReadOnlyList<ListenAddress> urls, IReadOnlyList<IPNetwork> proxies)
    {
        if (proxies.Count == 0 && urls.Any(u => !u.IsTls && (u.Address is null || !IPAddress.IsLoopback(u.Address))))
            _warnings.Add("The API listens beyond this machine without TLS, so tokens can be read on the way: use --tls-cert, or a proxy named in --forwarded-headers.");
    }

    private static string? FullPath(string? path) => path is null ? null : Path.GetFullPath(path);
}
