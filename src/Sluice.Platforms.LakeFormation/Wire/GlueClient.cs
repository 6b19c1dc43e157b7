using System.Buffers;
using System.Text.Json;

namespace Sluice.Platforms.LakeFormation.Wire;

/// <summary>The four calls of the Glue Data Catalog that a crawl needs. CatalogId is given on each.</summary>
internal sealed class GlueClient(AwsClient aws, string catalogId, AwsLimits limits, LakePool pool)
{
    private readonly GlueReading _reading = new(pool);

    public Task<Page<GlueDatabase>> GetDatabasesAsync(string? token, CancellationToken cancellationToken, int? max = null) =>
        aws.CallAsync("GetDatabases", Body(null, null, token, max ?? limits.CatalogPage), _reading.Databases, cancellationToken);

    public Task<GlueDatabase> GetDatabaseAsync(string name, CancellationToken cancellationToken) =>
        aws.CallAsync("GetDatabase", Body(null, name, null, null), _reading.Database, cancellationToken);

    public Task<Page<GlueTable>> GetTablesAsync(string database, string? token, CancellationToken cancellationToken, int? max = null) =>
        aws.CallAsync("GetTables", Body(database, null, token, max ?? limits.CatalogPage), _reading.Tables, cancellationToken);

    public Task<GlueTable> GetTableAsync(string database, string name, CancellationToken cancellationToken) =>
        aws.CallAsync("GetTable", Body(database, name, null, null), _reading.Table, cancellationToken);

    private byte[] Body(string? database, string? name, string? token, int? max)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("CatalogId", catalogId);
            if (database is not null) json.WriteString("DatabaseName", database);
            if (name is not null) json.WriteString("Name", name);
            if (max is { } most) json.WriteNumber("MaxResults", most);
            if (token is not null) json.WriteString("NextToken", token);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }
}
