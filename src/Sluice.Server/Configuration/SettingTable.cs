namespace Sluice.Server.Configuration;

/// <summary>Every setting of the server: flags, environment, sluice.json, the help and the guide are all read from here.</summary>
public static class SettingTable
{
    private const string Storage = "Data";
    private const string Network = "Network";
    internal const string Egress = "Outgoing connections";
    private const string Secrets = "Secrets";
    private const string Access = "Access to the API";
    private const string Platforms = "Platforms and jobs";
    private const string Auditing = "Audit trail";
    private const string Operations = "Operations";

    /// <summary>What leaves the server by other ways than the one these settings rule.</summary>
    internal const string EgressExceptions =
        "These rules hold for every connection but two, which are the operator's own: telemetry to --otlp-endpoint, and what finds the server's AWS "
        + "identity (the standard credential chain: environment, profile, container and instance metadata, web identity).";

    /// <summary>Where the server's own files lie.</summary>
    public static readonly Setting DataDirectory = new("--data", SettingKind.Text, "DIR", "The server's directory (set to 0700): SQLite, admin.key, sluice.json.")
    { Group = Storage, Default = "./sluice-data" };

    /// <summary>The configuration file.</summary>
    public static readonly Setting Config = new("--config", SettingKind.Text, "FILE", "A JSON file of settings.")
    { Group = Storage, Default = "DIR/sluice.json where it exists" };

    /// <summary>The PostgreSQL connection string.</summary>
    public static readonly Setting Database = new("--database", SettingKind.Text, "TEXT", "A PostgreSQL connection string such as \"Host=…;Database=…\"; SQLite in DIR without it. A password belongs into --database-file or the environment.")
    { Group = Storage, IsSecret = true };

    /// <summary>A file with the PostgreSQL connection string.</summary>
    public static readonly Setting DatabaseFile = new("--database-file", SettingKind.Text, "FILE", "A file that holds the PostgreSQL connection string.")
    { Group = Storage };

    /// <summary>Where the API listens.</summary>
    public static readonly Setting Urls = new("--urls", SettingKind.List, "URL", "Where the API listens; port 0 takes a free one.")
    { Group = Network, Default = "http://127.0.0.1:8080" };

    /// <summary>The certificate.</summary>
    public static readonly Setting TlsCert = new("--tls-cert", SettingKind.Text, "FILE", "The certificate chain for https URLs, PEM, the server's own first.")
    { Group = Network };

    /// <summary>The certificate's key.</summary>
    public static readonly Setting TlsKey = new("--tls-key", SettingKind.Text, "FILE", "The certificate's private key, PEM; may stand in the --tls-cert file.")
    { Group = Network };

    /// <summary>Whose forwarded headers are believed.</summary>
    public static readonly Setting ForwardedHeaders = new("--forwarded-headers", SettingKind.List, "NETWORK", "Addresses or networks of the reverse proxies whose X-Forwarded-For and -Proto are believed; nobody's without it.")
    { Group = Network };

    /// <summary>The largest request body.</summary>
    public static readonly Setting MaxBody = new("--max-body", SettingKind.Number, "BYTES", "The largest request body.")
    { Group = Network, Default = "1048576" };

    /// <summary>Requests per second and caller.</summary>
    public static readonly Setting RateLimit = new("--rate-limit", SettingKind.Number, "N", "Requests a second one caller may make on average, with bursts of twice as many; 0: no limit.")
    { Group = Network, Default = "500" };

    /// <summary>Hosts allowed besides a platform's own.</summary>
    public static readonly Setting AllowHost = new("--allow-host", SettingKind.List, "HOST", "A host, or *.suffix, the server may connect to besides a platform's own.")
    { Group = Egress };

    /// <summary>Networks allowed besides public addresses.</summary>
    public static readonly Setting AllowNetwork = new("--allow-network", SettingKind.List, "CIDR", "A network the server may connect to besides public addresses, such as 10.0.0.0/8.")
    { Group = Egress };

    /// <summary>Whether loopback is allowed.</summary>
    public static readonly Setting AllowLoopback = new("--allow-loopback", SettingKind.Switch, "", "Let the server connect to this machine.")
    { Group = Egress, Default = "off" };

    /// <summary>Below which file secrets may lie.</summary>
    public static readonly Setting SecretDirectory = new("--secret-dir", SettingKind.Text, "DIR", "Below which {\"$secret\": \"file:…\"} may point.")
    { Group = Secrets };

    /// <summary>The vault's key file.</summary>
    public static readonly Setting VaultKeyFile = new("--vault-key-file", SettingKind.Text, "FILE", "The vault's key-encryption key; made 0600 at the first start.")
    { Group = Secrets, Default = "outside DIR, in the user's configuration directory" };

    /// <summary>Whether the vault's key lies in the data directory.</summary>
    public static readonly Setting VaultKeyInData = new("--vault-key-in-data", SettingKind.Switch, "", "Keep the vault's key in DIR, beside what it protects; warned about at every start.")
    { Group = Secrets, Default = "off" };

    /// <summary>The vault's key itself.</summary>
    public static readonly Setting VaultKey = new("--vault-key", SettingKind.Text, "KEY", "The vault's key-encryption key, base64 of 32 bytes, in place of a file.")
    { Group = Secrets, IsSecret = true, EnvironmentOnly = true };

    /// <summary>The vault's older keys.</summary>
    public static readonly Setting VaultPreviousKeys = new("--vault-previous-keys", SettingKind.Text, "KEYS", "Older keys, for secrets that were not re-wrapped yet, with spaces or commas between them.")
    { Group = Secrets, IsSecret = true, EnvironmentOnly = true };

    /// <summary>The command that prints the vault's key.</summary>
    public static readonly Setting VaultKeyCommand = new("--vault-key-command", SettingKind.Text, "COMMAND", "A command (absolute path, no shell) that prints the vault's keys, the current one first.")
    { Group = Secrets };

    /// <summary>Whether the server starts although keys are lost.</summary>
    public static readonly Setting VaultAcceptLostKeys = new("--vault-accept-lost-keys", SettingKind.Switch, "", "Start although the vault's key is lost: the secrets sealed under it must be brought again.")
    { Group = Secrets, Default = "off" };

    /// <summary>The first administrator's key.</summary>
    public static readonly Setting AdminKey = new("--admin-key", SettingKind.Text, "KEY", "The administrator's key to start with, in place of a new one in DIR/admin.key.")
    { Group = Access, IsSecret = true, EnvironmentOnly = true };

    /// <summary>Failed authentications per minute and address.</summary>
    public static readonly Setting AuthFailureLimit = new("--auth-failure-limit", SettingKind.Number, "N", "Failed authentications a minute and address before the answer is 429. From such an address two tokens are looked at at once; further requests, valid ones too, get 429 for a second.")
    { Group = Access, Default = "20" };

    /// <summary>The OIDC issuer.</summary>
    public static readonly Setting OidcIssuer = new("--oidc-issuer", SettingKind.Text, "URL", "The OIDC issuer whose JWTs are accepted.")
    { Group = Access };

    /// <summary>The audience.</summary>
    public static readonly Setting OidcAudience = new("--oidc-audience", SettingKind.Text, "TEXT", "The audience a JWT must be for; needed with --oidc-issuer.")
    { Group = Access };

    /// <summary>The signature algorithms.</summary>
    public static readonly Setting OidcAlgorithms = new("--oidc-algorithms", SettingKind.List, "ALG", "The signature algorithms a JWT may use: RS, PS, ES with 256, 384, 512.")
    { Group = Access, Default = "RS256" };

    /// <summary>The claim that carries groups or roles.</summary>
    public static readonly Setting OidcClaim = new("--oidc-claim", SettingKind.Text, "NAME", "The claim whose values are mapped to permissions.")
    { Group = Access, Default = "groups" };

    /// <summary>The mapping of claim values to permissions.</summary>
    public static readonly Setting OidcMap = new("--oidc-map", SettingKind.List, "VALUE=PERMISSION+…", "What a claim value allows, such as data-admins=APPLICATION_ADMIN+USER_ADMIN. Nothing is allowed without it.")
    { Group = Access, Separators = ";" };

    /// <summary>Whether an e-mail claim counts although the issuer does not call it verified.</summary>
    public static readonly Setting OidcTrustEmail = new("--oidc-trust-email", SettingKind.Switch, "", "Believe the email claim without email_verified: data owners are matched by it.")
    { Group = Access, Default = "off" };

    /// <summary>Role ARNs the server may assume.</summary>
    public static readonly Setting AwsAllowedRole = new("--aws-allowed-role", SettingKind.List, "ARN", "A role ARN, * for any text, that the server may assume.")
    { Group = Platforms, Default = "*" };

    /// <summary>STS hosts the server's own AWS credentials may go to.</summary>
    public static readonly Setting AwsStsHost = new("--aws-sts-host", SettingKind.List, "HOST", "A host besides AWS's own STS that the server's AWS identity may be used with.")
    { Group = Platforms };

    /// <summary>Containers a crawl reads at once.</summary>
    public static readonly Setting CrawlConcurrency = new("--crawl-concurrency", SettingKind.Number, "N", "Databases or schemas a crawl reads at once, per connection.")
    { Group = Platforms, Default = "8" };

    /// <summary>How long ended jobs are kept.</summary>
    public static readonly Setting KeepJobs = new("--keep-jobs", SettingKind.Text, "DURATION", "How long ended jobs are kept, in ISO 8601.")
    { Group = Platforms, Default = "P30D" };

    /// <summary>How long ended plans are kept.</summary>
    public static readonly Setting KeepPlans = new("--keep-plans", SettingKind.Text, "DURATION", "How long plans are kept that ended or that nobody had applied, in ISO 8601.")
    { Group = Platforms, Default = "P90D" };

    /// <summary>Runs of a job before it fails.</summary>
    public static readonly Setting JobAttempts = new("--job-attempts", SettingKind.Number, "N", "Failed runs of a job before it fails for good.")
    { Group = Platforms, Default = "8" };

    /// <summary>Where audit checkpoints go.</summary>
    public static readonly Setting AuditCheckpoints = new("--audit-checkpoints", SettingKind.Text, "FILE|URL", "Where signed checkpoints of the audit trail are appended (a file, best on another machine) or posted (an https URL); they go to the log as well.")
    { Group = Auditing };

    /// <summary>How long audit rows are kept.</summary>
    public static readonly Setting AuditKeep = new("--audit-keep", SettingKind.Text, "DURATION", "How long rows of the audit trail are kept, in ISO 8601, such as P400D; rows go only up to a checkpoint.")
    { Group = Auditing, Default = "for ever" };

    /// <summary>How long query events are kept.</summary>
    public static readonly Setting QueryAuditRetention = new("--query-audit-retention", SettingKind.Number, "DAYS", "How many days who queried what on the platforms is kept; 0: it is not read. Lineage is, and stays.")
    { Group = Auditing, Default = "90" };

    /// <summary>Whether statements are kept.</summary>
    public static readonly Setting QueryAuditText = new("--query-audit-text", SettingKind.Switch, "", "Keep the texts of statements with who queried what, and not their hashes alone; they may hold personal data.")
    { Group = Auditing, Default = "off" };

    /// <summary>How long shutdown waits for work in hand.</summary>
    public static readonly Setting ShutdownGrace = new("--shutdown-grace", SettingKind.Text, "DURATION", "How long a stop waits for requests and crawl pages in hand, in ISO 8601.")
    { Group = Operations, Default = "PT20S" };

    /// <summary>The metrics listener.</summary>
    public static readonly Setting MetricsUrls = new("--metrics-urls", SettingKind.List, "URL", "A listener of its own for /metrics, /healthz and /readyz, without authentication. /metrics on --urls needs METRICS.")
    { Group = Operations };

    /// <summary>Where telemetry goes.</summary>
    public static readonly Setting OtlpEndpoint = new("--otlp-endpoint", SettingKind.Text, "URL", "Where OpenTelemetry traces, metrics, logs and the events of the audit trail are sent (OTLP over gRPC): https, or http on this machine. Not subject to --allow-host and its like.")
    { Group = Operations };

    /// <summary>What is logged.</summary>
    public static readonly Setting LogLevel = new("--log-level", SettingKind.Text, "LEVEL", "debug, information, warning or error.")
    { Group = Operations, Default = "information" };

    /// <summary>How it is logged.</summary>
    public static readonly Setting LogFormat = new("--log-format", SettingKind.Text, "FORMAT", "text or json.")
    { Group = Operations, Default = "text" };

    /// <summary>All settings in the order of the help.</summary>
    public static IReadOnlyList<Setting> All { get; } =
    [
        DataDirectory, Config, Database, DatabaseFile,
        Urls, TlsCert, TlsKey, ForwardedHeaders, MaxBody, RateLimit,
        AllowHost, AllowNetwork, AllowLoopback,
        SecretDirectory, VaultKeyFile, VaultKeyInData, VaultKeyCommand, VaultKey, VaultPreviousKeys, VaultAcceptLostKeys,
        AdminKey, AuthFailureLimit, OidcIssuer, OidcAudience, OidcAlgorithms, OidcClaim, OidcMap, OidcTrustEmail,
        AwsAllowedRole, AwsStsHost, CrawlConcurrency, KeepJobs, KeepPlans, JobAttempts,
        AuditCheckpoints, AuditKeep, QueryAuditRetention, QueryAuditText,
        ShutdownGrace, MetricsUrls, OtlpEndpoint, LogLevel, LogFormat,
    ];
}
