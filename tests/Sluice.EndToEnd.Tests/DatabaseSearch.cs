using System.Data.Common;
using System.Text;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Sluice.EndToEnd.Tests;

/// <summary>Everything a stopped server's database holds, value by value, and SQLite's files besides; searched for a text in every form it may have.</summary>
internal sealed class DatabaseSearch
{
    private static readonly Encoding[] Encodings = [Encoding.UTF8, Encoding.Unicode];
    private readonly List<byte[]> _pieces;

    private DatabaseSearch(List<byte[]> pieces) => _pieces = pieces;

    /// <summary>Markers that lie in the database in one form each: a search that misses one would miss a secret too.</summary>
    public static IReadOnlyList<string> Controls { get; } = ["control-plain-71c3", "control-utf8-5d02", "control-utf16-9be4", "control-base64-02fa", "control-hex-c81d"];

    /// <summary>Plants the controls, then reads everything.</summary>
    public static async Task<DatabaseSearch> ReadAsync(string directory, string? postgreSql)
    {
        var pieces = new List<byte[]>();
        var file = Path.Combine(directory, "sluice.db");
        await using (DbConnection database = postgreSql is null ? new SqliteConnection($"Data Source={file};Pooling=false") : new NpgsqlConnection(postgreSql))
        {
            await database.OpenAsync();
            await PlantAsync(database);
            if (postgreSql is null) pieces.AddRange(Directory.EnumerateFiles(directory, "sluice.db*").Select(Read));
            foreach (var table in await TablesAsync(database)) await ReadAsync(database, table, pieces);
        }

        return new DatabaseSearch(pieces);
    }

    public bool Holds(string text)
    {
        var forms = Forms(text).ToList();
        return _pieces.Exists(piece => forms.Exists(form => piece.AsSpan().IndexOf(form) >= 0));
    }

    /// <summary>As UTF-8 and UTF-16, each as it is, in base64 (whatever stands before it) and in hexadecimal digits.</summary>
    private static IEnumerable<byte[]> Forms(string text)
    {
        foreach (var bytes in Encodings.Select(e => e.GetBytes(text)))
        {
            yield return bytes;
            yield return Encoding.ASCII.GetBytes(Convert.ToHexStringLower(bytes));
            yield return Encoding.ASCII.GetBytes(Convert.ToHexString(bytes));
            for (var before = 0; before < 3; before++)
            {
                // The characters that hold bits of a neighbour too are left away.
                var whole = Convert.ToBase64String([.. new byte[before], .. bytes]).TrimEnd('=');
                var shared = (bytes.Length + before) % 3 == 0 ? 0 : 1;
                yield return Encoding.ASCII.GetBytes(whole[(before == 0 ? 0 : before + 1)..(whole.Length - shared)]);
            }
        }
    }

    private static async Task PlantAsync(DbConnection database)
    {
        await using var plant = database.CreateCommand();
        var bytes = database is SqliteConnection ? "BLOB" : "bytea";
        plant.CommandText = $"CREATE TABLE planted (words text, bytes {bytes}); INSERT INTO planted VALUES (@plain, @utf8), (@base64, @utf16), (@hex, NULL)";
        Add("@plain", Controls[0]);
        Add("@utf8", Encoding.UTF8.GetBytes($"before {Controls[1]} after"));
        Add("@utf16", Encoding.Unicode.GetBytes($"before {Controls[2]} after"));
        Add("@base64", Convert.ToBase64String(Encoding.UTF8.GetBytes($"before {Controls[3]} after")));
        Add("@hex", Convert.ToHexString(Encoding.UTF8.GetBytes(Controls[4])));
        await plant.ExecuteNonQueryAsync();

        void Add(string name, object value)
        {
            var parameter = plant.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (name, value);
            plant.Parameters.Add(parameter);
        }
    }

    private static async Task<List<string>> TablesAsync(DbConnection database)
    {
        await using var list = database.CreateCommand();
        list.CommandText = database is SqliteConnection
            ? "SELECT '\"' || name || '\"' FROM sqlite_schema WHERE type = 'table'"
            : "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')";
        await using var reader = await list.ExecuteReaderAsync();
        var tables = new List<string>();
        while (await reader.ReadAsync()) tables.Add(reader.GetString(0));
        return tables;
    }

    private static async Task ReadAsync(DbConnection database, string table, List<byte[]> pieces)
    {
        await using var rows = database.CreateCommand();
        rows.CommandText = $"SELECT * FROM {table}";
        await using var reader = await rows.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            for (var column = 0; column < reader.FieldCount; column++)
            {
                if (!reader.IsDBNull(column))
                    pieces.Add(reader.GetValue(column) is byte[] bytes ? bytes : Encoding.UTF8.GetBytes(Convert.ToString(reader.GetValue(column), System.Globalization.CultureInfo.InvariantCulture)!));
            }
        }
    }

    // SQLite has the file open.
    private static byte[] Read(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
