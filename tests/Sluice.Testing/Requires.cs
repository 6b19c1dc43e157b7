using Xunit;

namespace Sluice.Testing;

/// <summary>
/// What a test needs from the machine. What is absent skips the test with the reason, for all to see; where <c>CI=true</c> it fails
/// the test, because there a skip would pass for a proof.
/// </summary>
public static class Requires
{
    /// <summary>The server all tests of an assembly share. Each test makes a database of its own there.</summary>
    public static Task<PostgresCluster> PostgreSqlAsync()
    {
        if (PostgresCluster.Unavailable is { } reason) Absent(reason);
        return PostgresCluster.SharedAsync();
    }

    /// <summary>Ends the test: something it needs is not there.</summary>
    [System.Diagnostics.CodeAnalysis.DoesNotReturn]
    public static void Absent(string reason)
    {
        if (Environment.GetEnvironmentVariable("CI") == "true") Assert.Fail($"Required where CI=true: {reason}");
        Assert.Skip(reason);
    }
}
