using System.Net;
using Microsoft.Extensions.Logging;
using Sluice.Core.Problems;
using Sluice.Engine.Callers;
using Sluice.Server.Configuration;
using Sluice.Testing;

namespace Sluice.Server.Tests.Configuration;

public sealed class ServerSettingsTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("sluice-settings-").FullName;

    [Fact]
    public void Nothing_given_means_sqlite_on_loopback_and_nothing_opened()
    {
        var settings = Read([]);

        settings.Database.PostgreSqlConnectionString.ShouldBeNull();
        settings.Urls.Single().ShouldBe(new ListenAddress(IPAddress.Loopback, 8080, false));
        settings.MetricsUrls.ShouldBeEmpty();
        settings.Egress.AllowLoopback.ShouldBeFalse();
        settings.Egress.AllowedHosts.ShouldBeEmpty();
        settings.Egress.AllowedNetworks.ShouldBeEmpty();
        settings.KnownProxies.ShouldBeEmpty();
        settings.Oidc.ShouldBeNull();
        settings.AdminKey.ShouldBeNull();
        settings.MaxBody.ShouldBe(1024 * 1024);
        settings.LogLevel.ShouldBe(LogLevel.Information);
        settings.Warnings.ShouldBeEmpty();
        settings.DataDirectory.ShouldBe(_directory);
    }

    [Fact]
    public void A_flag_wins_over_the_environment_and_that_over_the_file()
    {
        File.WriteAllText(Path.Combine(_directory, "sluice.json"), """
            {
              // read by people
              "maxBody": 2000, "crawlConcurrency": 3, "logLevel": "error", "allowHost": ["a.example.com", "b.example.com"],
            }
            """);

        var settings = Read(["--max-body", "4000"], ("SLUICE_MAX_BODY", "3000"), ("SLUICE_CRAWL_CONCURRENCY", "5"));

        settings.MaxBody.ShouldBe(4000);
        settings.Engine.CrawlConcurrency.ShouldBe(5);
        settings.LogLevel.ShouldBe(LogLevel.Error);
        settings.Egress.AllowedHosts.ShouldBe(["a.example.com", "b.example.com"]);
        settings.ConfigurationFile.ShouldBe(Path.Combine(_directory, "sluice.json"));
    }

    [Fact]
    public void A_list_is_a_repeated_flag_or_one_text_with_separators()
    {
        Read(["--allow-host", "a.example.com,b.example.com", "--allow-host=c.example.com"]).Egress.AllowedHosts
            .ShouldBe(["a.example.com", "b.example.com", "c.example.com"]);
        Read([], ("SLUICE_URLS", "http://127.0.0.1:1;http://[::1]:2")).Urls
            .ShouldBe([new ListenAddress(IPAddress.Loopback, 1, false), new ListenAddress(IPAddress.IPv6Loopback, 2, false)]);
    }

    [Fact]
    public void Every_problem_is_told_at_once_with_where_it_was_said()
    {
        File.WriteAllText(Path.Combine(_directory, "sluice.json"), """{"maxBodys": 1, "allowLoopback": "perhaps", "urls": 5}""");

        var problems = Problems(
            ["--tls-crt", "x", "--max-body", "none", "stray", "--oidc-audience", "x", "--log-level", "loud", "--allow-network", "10.0.0.0/99", "--data2"],
            ("SLUICE_METRICS_URLS", "ftp://x"), ("SLUICE_KEEP_JOBS", "P1M"), ("SLUICE_DATABASE", "postgres://u:p@h/d"));

        problems.Select(p => p.Path).Order(StringComparer.Ordinal).ShouldBe(((string[])
        [
            "--allow-network", "--data2", "--log-level", "--max-body", "--oidc-audience", "--tls-crt", "x", "stray", "SLUICE_DATABASE", "SLUICE_KEEP_JOBS",
            "SLUICE_METRICS_URLS", "sluice.json: allowLoopback", "sluice.json: maxBodys", "sluice.json: urls",
        ]).Order(StringComparer.Ordinal));
        problems.Single(p => p.Path == "--tls-crt").Message.ShouldContain("--tls-cert");
        problems.Single(p => p.Path == "sluice.json: maxBodys").Message.ShouldContain("maxBody");
        problems.ShouldAllBe(p => !p.Message.Contains("u:p@h"));
    }

    [Theory]
    [InlineData("https://127.0.0.1:8443", "needs --tls-cert")]
    [InlineData("http://example.com:80", "IP address")]
    [InlineData("http://127.0.0.1:99999", "port")]
    [InlineData("http://127.0.0.1:80/api", "path")]
    [InlineData("127.0.0.1:80", "URL")]
    [InlineData("unix:/tmp/x", "http")]
    public void A_url_that_nothing_can_listen_on_is_refused(string url, string says) =>
        Problems(["--urls", url]).Single().Message.ShouldContain(says);

    [Theory]
    [InlineData("http://*:80", null, 80, false)]
    [InlineData("http://+:0", null, 0, false)]
    [InlineData("http://localhost:5000", "127.0.0.1", 5000, false)]
    [InlineData("http://0.0.0.0:5000", "0.0.0.0", 5000, false)]
    public void A_url_names_an_address_and_a_port(string url, string? address, int port, bool tls) =>
        Read(["--urls", url]).Urls.Single().ShouldBe(new ListenAddress(address is null ? null : IPAddress.Parse(address), port, tls));

    [Theory]
    [InlineData("Host=db;Foo=planted")]
    [InlineData("Host=db;Port=planted")]
    [InlineData("Host=db;Password=a;planted")]
    [InlineData("planted")]
    [InlineData("Username=planted")]
    public void A_connection_string_that_can_not_be_read_is_a_problem_that_quotes_nothing_of_it(string text)
    {
        var problems = Problems(["--database", text, "--max-body", "none"]);

        problems.Select(p => p.Path).ShouldBe(["--database", "--max-body"], ignoreOrder: true);
        problems.ShouldAllBe(p => !p.Message.Contains("planted"));
    }

    [Fact]
    public void A_certificate_that_is_none_or_has_another_key_is_a_problem()
    {
        using var authority = new TestAuthority();
        var (certificate, key) = authority.Issue(["localhost"], [IPAddress.Loopback]);
        var (_, otherKey) = authority.Issue(["localhost"], [IPAddress.Loopback]);
        string Write(string name, string text)
        {
            var file = Path.Combine(_directory, name);
            File.WriteAllText(file, text);
            return file;
        }

        var good = Write("tls.pem", certificate);
        string[] https = ["--urls", "https://127.0.0.1:0", "--max-body", "none"];
        Problems([.. https, "--tls-cert", Write("none.pem", "no certificate")]).Select(p => p.Path).ShouldBe(["--tls-cert", "--max-body"], ignoreOrder: true);
        Problems([.. https, "--tls-cert", good]).Select(p => p.Path).ShouldBe(["--tls-cert", "--max-body"], ignoreOrder: true);
        Problems([.. https, "--tls-cert", good, "--tls-key", Write("other.pem", otherKey)]).Select(p => p.Path).ShouldBe(["--tls-key", "--max-body"], ignoreOrder: true);
        Read(["--urls", "https://127.0.0.1:0", "--tls-cert", good, "--tls-key", Write("key.pem", key)]).Tls.ShouldNotBeNull();
    }

    [Fact]
    public void A_database_password_on_the_command_line_is_warned_about_and_not_printed()
    {
        var onCommandLine = Read(["--database", "Host=db;Password=planted"]);
        var inEnvironment = Read([], ("SLUICE_DATABASE", "Host=db;Password=planted"));

        onCommandLine.Warnings.Single().ShouldContain("command line");
        onCommandLine.Warnings.Single().ShouldNotContain("planted");
        onCommandLine.ToString().ShouldNotContain("planted");
        onCommandLine.Database.PostgreSqlConnectionString.ShouldBe("Host=db;Password=planted");
        inEnvironment.Warnings.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("http://*:80", true)]
    [InlineData("http://192.0.2.1:80", true)]
    [InlineData("http://[::1]:80", false)]
    [InlineData("http://localhost:80", false)]
    public void Listening_beyond_this_machine_without_tls_is_warned_about(string url, bool isWarned)
    {
        Read(["--urls", url]).Warnings.Any(w => w.Contains("without TLS")).ShouldBe(isWarned);
        Read(["--urls", url, "--forwarded-headers", "192.0.2.7"]).Warnings.ShouldBeEmpty();
    }

    [Fact]
    public void The_connection_string_can_come_from_a_file()
    {
        var file = Path.Combine(_directory, "database");
        File.WriteAllText(file, "Host=db;Password=planted\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(file, UnixFileMode.UserRead);

        var settings = Read(["--database-file", file]);

        settings.Database.PostgreSqlConnectionString.ShouldBe("Host=db;Password=planted");
        settings.Warnings.ShouldBeEmpty();
        if (OperatingSystem.IsWindows()) return;
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.OtherRead);
        Read(["--database-file", file]).Warnings.Single().ShouldContain("chmod 600");
    }

    [Theory]
    [InlineData("Database=x")]
    [InlineData("planted-nonsense")]
    [InlineData("Host=db;=planted")]
    public void A_connection_string_that_is_none_is_refused_without_repeating_it(string text) =>
        Problems(["--database", text]).Single().Message.ShouldNotContain("planted");

    [Theory]
    [InlineData("--vault-key-file=/k", "--vault-key-in-data")]
    [InlineData("--vault-key-in-data", "--vault-key-command=/bin/key")]
    public void The_vault_has_one_key(string one, string other) => Problems([one, other]).Single().Message.ShouldContain("one key");

    [Fact]
    public void The_administrators_key_is_taken_from_the_environment_alone()
    {
        Problems(["--admin-key", "x"]).First().Message.ShouldContain("SLUICE_ADMIN_KEY");
        Problems([], ("SLUICE_ADMIN_KEY", "planted")).Single().Message.ShouldNotContain("planted");
        const string Key = "slu_0123456789abcdef_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
        Read([], ("SLUICE_ADMIN_KEY", Key)).AdminKey.ShouldBe(Key);
    }

    [Fact]
    public void Claims_are_mapped_to_permissions_and_to_nothing_by_default()
    {
        string[] issuer = ["--oidc-issuer", "https://id.example.com", "--oidc-audience", "sluice"];

        Read(issuer).Oidc!.Permissions.ShouldBeEmpty();
        var mapped = Read([.. issuer, "--oidc-map", "CN=admins,OU=x=APPLICATION_ADMIN+AUDIT;readers=GOVERNANCE"]).Oidc!;
        mapped.Permissions["CN=admins,OU=x"].ShouldBe([Permission.ApplicationAdmin, Permission.Audit]);
        mapped.Permissions["readers"].ShouldBe([Permission.Governance]);
        mapped.Algorithms.ShouldBe(["RS256"]);
    }

    [Theory]
    [InlineData("--oidc-issuer", "http://id.example.com", "https")]
    [InlineData("--oidc-issuer", "id.example.com", "https")]
    [InlineData("--oidc-algorithms", "none", "none")]
    [InlineData("--oidc-algorithms", "HS256", "HS256")]
    [InlineData("--oidc-map", "admins=ROOT", "ROOT")]
    [InlineData("--oidc-map", "admins", "value=PERMISSION")]
    public void An_issuer_that_could_be_anyone_is_refused(string flag, string value, string says)
    {
        string[] issuer = flag == "--oidc-issuer" ? [] : ["--oidc-issuer", "https://id.example.com"];

        Problems([.. issuer, "--oidc-audience", "sluice", flag, value]).Single().Message.ShouldContain(says);
    }

    [Theory]
    [InlineData("http://collector.example.com:4317", "https")]
    [InlineData("http://10.0.0.7:4317", "https")]
    [InlineData("ftp://127.0.0.1", "http")]
    public void Telemetry_goes_out_in_the_open_only_on_this_machine(string endpoint, string says)
    {
        Problems(["--otlp-endpoint", endpoint]).Single().Message.ShouldContain(says);
        foreach (var good in (string[])["https://collector.example.com:4317", "http://127.0.0.1:4317", "http://localhost:4317", "http://[::1]:4317"])
            Read(["--otlp-endpoint", good]).OtlpEndpoint.ShouldBe(new Uri(good));
    }

    [Fact]
    public void The_help_names_what_the_egress_rules_do_not_hold_for()
    {
        var help = ServerSettings.Help();
        var egress = help[help.IndexOf("Outgoing connections:", StringComparison.Ordinal)..help.IndexOf("Secrets:", StringComparison.Ordinal)];

        egress.ShouldContain("--otlp-endpoint");
        egress.ShouldContain("credential chain");
    }

    [Fact]
    public void A_variable_that_is_no_setting_is_warned_about()
    {
        Read([], ("SLUICE_MAXBODY", "1"), ("SLUICE_SECRET_LAKE", "x"), ("SLUICE_VAULT_KEY", "k")).Warnings.ShouldBe(["The environment variable SLUICE_MAXBODY is not a setting."]);
    }

    [Fact]
    public void The_help_lists_every_setting_with_its_flag_variable_and_key()
    {
        var help = ServerSettings.Help();

        foreach (var setting in SettingTable.All)
        {
            help.ShouldContain(setting.EnvironmentVariable);
            if (setting.EnvironmentOnly) continue;
            help.ShouldContain(setting.Flag + " ");
            help.ShouldContain(setting.Key);
        }

        help.Split('\n').Max(l => l.Length).ShouldBeLessThanOrEqualTo(120);
        SettingTable.All.Select(s => s.Flag).Distinct(StringComparer.Ordinal).Count().ShouldBe(SettingTable.All.Count);
        SettingTable.TlsCert.EnvironmentVariable.ShouldBe("SLUICE_TLS_CERT");
        SettingTable.TlsCert.Key.ShouldBe("tlsCert");
    }

    [Fact]
    public void Every_setting_of_the_table_is_listed()
    {
        var fields = typeof(SettingTable).GetFields().Where(f => f.FieldType == typeof(Setting)).Select(f => (Setting)f.GetValue(null)!);

        SettingTable.All.ShouldBe(fields, ignoreOrder: true);
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private ServerSettings Read(string[] flags, params (string Name, string Value)[] environment)
    {
        var settings = ServerSettings.Parse(["--data", _directory, .. flags], Environment(environment), out var problems);
        problems.ShouldBeEmpty();
        return settings!;
    }

    private ProblemList Problems(string[] flags, params (string Name, string Value)[] environment)
    {
        ServerSettings.Parse(["--data", _directory, .. flags], Environment(environment), out var problems).ShouldBeNull();
        return problems;
    }

    private static Dictionary<string, string> Environment((string Name, string Value)[] environment) =>
        environment.ToDictionary(e => e.Name, e => e.Value, StringComparer.Ordinal);
}
