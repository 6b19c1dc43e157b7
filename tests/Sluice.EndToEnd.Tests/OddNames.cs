using Npgsql;
using Sluice.Testing;

namespace Sluice.EndToEnd.Tests;

/// <summary>Tables whose names try every reader of names.</summary>
internal static class OddNames
{
    public const string Database = "odd names";

    public static readonly string[] All = ["a/b", "a%2Fb", ".", "..", "it's", "say \"hi\"", "naïve 🦆", "UPPER", " lead", "tab\tbed", "semi;colon", "a.b.c", "%", "?x=1#y", "+", "select"];

    // Dots alone must be encoded, or clients fold them before they send.
    public static string InUrl(string name) =>
        name.All(c => c == '.') ? name.Replace(".", "%2E", StringComparison.Ordinal) : Uri.EscapeDataString(name);

    public static async Task CreateAsync(PostgresCluster cluster)
    {
        await RunAsync(cluster.ConnectionString(), $"DROP DATABASE IF EXISTS \"{Database}\" WITH (FORCE)");
        await RunAsync(cluster.ConnectionString(), $"CREATE DATABASE \"{Database}\"");
        var inside = cluster.ConnectionString(Database);
        await RunAsync(inside, "CREATE SCHEMA odd");
        foreach (var name in All) await RunAsync(inside, $"CREATE TABLE odd.\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\" (id int, \"we/ird\" text)");
        NpgsqlConnection.ClearAllPools();
    }

    private static async Task RunAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
