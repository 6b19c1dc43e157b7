using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Data.Sqlite;

namespace Sluice.Bench.Api;

/// <summary>
/// What the server's API is measured against: Kestrel and raw ADO.NET alone. The same statements, the same members in the answer; no
/// middleware, no layers, no check of anything.
/// </summary>
internal sealed class RawApi(string file, string keyId, string connectionKey, string connectionId)
{
    private readonly string _database = new SqliteConnectionStringBuilder { DataSource = file, Mode = SqliteOpenMode.ReadWrite }.ConnectionString;
    private readonly JsonWriterOptions _json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>Serves until the process is ended.</summary>
    public static async Task RunAsync(string file, string url, CancellationToken cancellationToken)
    {
        var api = await OpenAsync(file, cancellationToken);
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls(url);
        await using var host = builder.Build();
        host.Run(context => context.Request.Path.Value switch
        {
            "/readyz" => Task.CompletedTask,
            var path when path!.StartsWith("/data/object/search/", StringComparison.Ordinal) => api.SearchAsync(context),
            _ => api.ReadAsync(context),
        });
        await host.RunAsync();
    }

    private static async Task<RawApi> OpenAsync(string file, CancellationToken cancellationToken)
    {
        await using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        await connection.OpenAsync(cancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT (SELECT id FROM api_keys LIMIT 1), key_normalized, id FROM connections LIMIT 1";
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return new RawApi(file, reader.GetString(0), reader.GetString(1), reader.GetString(2));
    }

    private async Task ReadAsync(HttpContext context)
    {
        var stop = context.RequestAborted;
        var names = context.Request.Path.Value!.Split('/');
        await using var session = await RawSession.OpenAsync(_database, stop);
        await session.DrainAsync(RawStatements.Key, stop, ("@id", keyId));
        using var json = Start(context);
        long id = 0;
        await foreach (var row in session.RowsAsync(RawStatements.FindTable, [("@key", connectionKey), ("@n1", names[^2]), ("@n2", names[^1])]))
        {
            id = row.GetInt64(0);
            json.WriteStartObject();
            RawAnswer.WriteObject(json, row);
        }

        json.WriteStartArray("columns");
        await foreach (var row in session.RowsAsync(RawStatements.DataColumns, [("@ids", $"[{id}]")])) RawAnswer.WriteColumn(json, row);
        json.WriteEndArray();
        json.WriteStartArray("tags");
        await foreach (var row in session.RowsAsync(RawStatements.Tags, [("@ids", $"[{id}]")])) RawAnswer.WriteTag(json, row);
        RawAnswer.WriteNewTag(json);
        json.WriteEndArray();
        json.WriteEndObject();
        await session.DrainAsync(RawStatements.Connection, stop, ("@id", connectionId));
        await json.FlushAsync(stop);
    }

    private async Task SearchAsync(HttpContext context)
    {
        var stop = context.RequestAborted;
        using var body = await JsonDocument.ParseAsync(context.Request.Body, cancellationToken: stop);
        var size = body.RootElement.GetProperty("size").GetInt32();
        var offset = body.RootElement.GetProperty("offset").GetInt32();
        (string, object)[] parent = [("@key", connectionKey), ("@n1", context.Request.Path.Value!.Split('/')[^1])];
        await using var session = await RawSession.OpenAsync(_database, stop);
        await session.DrainAsync(RawStatements.Key, stop, ("@id", keyId));
        await session.DrainAsync(RawStatements.FindDatabase, stop, parent);

        using var json = Start(context);
        await using (var snapshot = session.Begin())
        {
            long id = 0;
            long count = 0;
            await foreach (var row in session.RowsAsync(RawStatements.Place, parent)) id = row.GetInt64(0);
            await foreach (var row in session.RowsAsync(RawStatements.Count, [("@parent", id)])) count = row.GetInt64(0);
            json.WriteStartObject();
            json.WriteNumber("count", count);
            json.WriteStartArray("hits");
            await foreach (var row in session.RowsAsync(RawStatements.Page, [("@parent", id), ("@size", size), ("@offset", offset)]))
            {
                json.WriteStartObject();
                RawAnswer.WriteObject(json, row);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
            await snapshot.CommitAsync(stop);
        }

        await session.DrainAsync(RawStatements.Connection, stop, ("@id", connectionId));
        await json.FlushAsync(stop);
    }

    private Utf8JsonWriter Start(HttpContext context)
    {
        context.Response.ContentType = "application/json; charset=utf-8";
        return new Utf8JsonWriter(context.Response.BodyWriter, _json);
    }
}
