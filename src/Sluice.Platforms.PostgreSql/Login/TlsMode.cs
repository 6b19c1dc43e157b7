namespace Sluice.Platforms.PostgreSql.Login;

/// <summary>How much of the server's identity TLS proves; the names are libpq's.</summary>
internal enum TlsMode
{
    /// <summary><c>verify-full</c>: a trusted authority, and the host's name in the certificate.</summary>
    VerifyFull,

    /// <summary><c>verify-ca</c>: an authority of one's own, whatever the name.</summary>
    VerifyCa,

    /// <summary><c>require</c>: encrypted towards whoever answers.</summary>
    Require,

    /// <summary><c>disable</c>: no TLS; only towards loopback.</summary>
    Disable,
}

/// <summary>The modes by their names in payloads.</summary>
internal static class TlsModes
{
    public const string Default = "verify-full";

    public static readonly string[] Names = ["verify-full", "verify-ca", "require", "disable"];

    public static TlsMode Parse(string name) => (TlsMode)Array.IndexOf(Names, name);

    public static string Name(this TlsMode mode) => Names[(int)mode];

    /// <summary>Whether the mode looks at the server's certificate.</summary>
    public static bool Verifies(this TlsMode mode) => mode is TlsMode.VerifyFull or TlsMode.VerifyCa;

    /// <summary>Whether the mode proves that the server has the host's name.</summary>
    public static bool ProvesName(this TlsMode mode) => mode == TlsMode.VerifyFull;
}
