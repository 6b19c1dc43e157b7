using System.Data.Common;
using Npgsql;

namespace Sluice.Storage.Databases;

/// <summary>Reads the operator's connection string, and sees to it that no value gets into an error or a log.</summary>
internal static class PostgreSqlSettings
{
    private const int PreparedStatements = 100;

    /// <exception cref="ArgumentException">It can't be read; the message quotes nothing of it.</exception>
    public static NpgsqlConnectionStringBuilder Read(string connectionString)
    {
        // The parser's own words can quote a part of a password that was not quoted itself: they go nowhere.
        var settings = Parse(connectionString) ?? throw new ArgumentException(
            "The PostgreSQL connection string can't be read: it has the form Host=…;Database=…;Username=…, and a value with ';' or quotes is quoted.",
            nameof(connectionString));

        // A row in an error's detail, or a parameter in a log, can be a secret's.
        settings.IncludeErrorDetail = false;
        settings.LogParameters = false;
        settings.PersistSecurityInfo = false;
        if (string.IsNullOrEmpty(settings.ApplicationName)) settings.ApplicationName = "Sluice";
        if (!Says(connectionString, "Max Auto Prepare", "MaxAutoPrepare")) settings.MaxAutoPrepare = PreparedStatements;
        return settings;
    }

    public static bool CanRead(string connectionString) => Parse(connectionString) is not null;

    private static NpgsqlConnectionStringBuilder? Parse(string connectionString)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(connectionString);
        }
        catch (Exception e) when (e is ArgumentException or FormatException or KeyNotFoundException or NotSupportedException or InvalidCastException)
        {
            return null;
        }
    }

    /// <summary>Whether the operator chose a value: behind a pooler that hands connections around, prepared statements must be off.</summary>
    private static bool Says(string connectionString, params ReadOnlySpan<string> keywords)
    {
        var said = new DbConnectionStringBuilder { ConnectionString = connectionString };
        foreach (var keyword in keywords)
            if (said.ContainsKey(keyword)) return true;
        return false;
    }
}
