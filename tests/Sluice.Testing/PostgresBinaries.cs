using System.Globalization;

namespace Sluice.Testing;

/// <summary>Where this machine keeps PostgreSQL's server programs.</summary>
/// <param name="Directory">The folder of <c>initdb</c>, <c>postgres</c> and <c>psql</c>.</param>
/// <param name="AsServer">The words put before a command so that it runs as a user the server accepts; empty when we are no root.</param>
public sealed record PostgresBinaries(string Directory, IReadOnlyList<string> AsServer)
{
    private static readonly Lazy<(PostgresBinaries? Found, string? Reason)> Search = new(Look);

    /// <summary>What was found, or null.</summary>
    public static PostgresBinaries? Found => Search.Value.Found;

    /// <summary>Why nothing was found, or null.</summary>
    public static string? Unavailable => Search.Value.Reason;

    /// <summary>The full path of a program.</summary>
    public string this[string program] => Path.Combine(Directory, program);

    private static (PostgresBinaries? Found, string? Reason) Look()
    {
        var directory = Candidates().FirstOrDefault(d => IsThere(Path.Combine(d, "initdb")) && IsThere(Path.Combine(d, "postgres")));
        if (directory is null)
            return (null, "PostgreSQL's initdb and postgres are not installed (Debian: apt-get install postgresql)");
        if (!Environment.IsPrivilegedProcess) return (new(directory, []), null);

        // PostgreSQL refuses to run as root, so root lends itself to the account Debian's package made.
        if (!File.ReadLines("/etc/passwd").Any(l => l.StartsWith("postgres:", StringComparison.Ordinal)))
            return (null, "PostgreSQL does not run as root and there is no user postgres to run it as");
        var runuser = new[] { "/usr/sbin/runuser", "/sbin/runuser", "/usr/bin/runuser" }.FirstOrDefault(File.Exists);
        return runuser is null
            ? (null, "PostgreSQL does not run as root and runuser is not installed")
            : (new(directory, [runuser, "-u", "postgres", "--"]), null);
    }

    // A link exists for File.Exists even when what it leads to does not.
    private static bool IsThere(string program) =>
        File.Exists(program) && (File.ResolveLinkTarget(program, returnFinalTarget: true)?.Exists ?? true);

    private static IEnumerable<string> Candidates()
    {
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries);
        const string debian = "/usr/lib/postgresql";
        if (!System.IO.Directory.Exists(debian)) return path;
        return System.IO.Directory.GetDirectories(debian)
            .OrderByDescending(d => int.TryParse(Path.GetFileName(d), CultureInfo.InvariantCulture, out var version) ? version : 0)
            .Select(d => Path.Combine(d, "bin"))
            .Concat(path);
    }
}
