using System.Buffers;
using System.Text.Json;

namespace Sluice.Platforms.LakeFormation.Wire;

/// <summary>The reading calls of Lake Formation. CatalogId is given on each.</summary>
internal sealed class LakeFormationClient(AwsClient aws, string catalogId, AwsLimits limits, LakePool pool)
{
    private readonly PermissionReading _permissions = new(pool);
    private readonly TagReading _tags = new(catalogId, pool);

    /// <summary>Every permission the caller may see. (A filter by principal would need a resource too.)</summary>
    public Task<Page<LakePermission>> ListPermissionsAsync(string? token, CancellationToken cancellationToken, int? max = null) =>
        aws.CallAsync("ListPermissions", Body(token, max ?? limits.PermissionPage), _permissions.Permissions, cancellationToken);

    /// <summary>Who administers the data lake. Not among the documented actions: a denial is the normal answer.</summary>
    public Task<IReadOnlyList<string>> GetAdministratorsAsync(CancellationToken cancellationToken) =>
        aws.CallAsync("GetDataLakeSettings", Body(null, null), _permissions.Administrators, cancellationToken);

    public Task<Page<LFTag>> ListLFTagsAsync(string? token, CancellationToken cancellationToken, int? max = null) =>
        aws.CallAsync("ListLFTags", Body(token, max ?? limits.PermissionPage), _tags.Tags, cancellationToken);

    public Task<LFTag> GetLFTagAsync(string key, CancellationToken cancellationToken) =>
        aws.CallAsync("GetLFTag", Body(null, null, json => json.WriteString("TagKey", key)), _tags.Tag, cancellationToken);

    /// <summary>The tags of a database, or of a table with its columns.</summary>
    public Task<ResourceTags> GetResourceLFTagsAsync(string database, string? table, CancellationToken cancellationToken)
    {
        AwsClient.BytesReading<ResourceTags> reading = table is null ? _tags.DatabaseTags : _tags.TableTags;
        return aws.CallForBytesAsync("GetResourceLFTags", Body(null, null, json => WriteResource(json, database, table)), reading, cancellationToken);
    }

    public Task<Page<ResourceTags>> SearchTablesAsync(LFTag tag, string? token, CancellationToken cancellationToken, int? max = null) =>
        SearchAsync("SearchTablesByLFTags", [tag], token, max, cancellationToken);

    /// <summary>The tables that match all parts of an expression, or have a column that does.</summary>
    public Task<Page<ResourceTags>> SearchTablesAsync(IReadOnlyList<LFTag> expression, string? token, CancellationToken cancellationToken) =>
        SearchAsync("SearchTablesByLFTags", expression, token, null, cancellationToken);

    public Task<Page<ResourceTags>> SearchDatabasesAsync(LFTag tag, string? token, CancellationToken cancellationToken, int? max = null) =>
        SearchAsync("SearchDatabasesByLFTags", [tag], token, max, cancellationToken);

    private Task<Page<ResourceTags>> SearchAsync(string operation, IReadOnlyList<LFTag> expression, string? token, int? max, CancellationToken cancellationToken) =>
        aws.CallForBytesAsync(
            operation,
            Body(token, max ?? limits.CatalogPage, json => PermissionWriting.Write(json, "Expression", expression)),
            (ReadOnlySpan<byte> body, ref Utf8JsonReader reader) => _tags.Found(expression[0].Key, body, ref reader),
            cancellationToken);

    private byte[] Body(string? token, int? max, Action<Utf8JsonWriter>? members = null)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("CatalogId", catalogId);
            members?.Invoke(json);
            if (max is { } most) json.WriteNumber("MaxResults", most);
            if (token is not null) json.WriteString("NextToken", token);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private void WriteResource(Utf8JsonWriter json, string database, string? table)
    {
        json.WriteStartObject("Resource");
        json.WriteStartObject(table is null ? "Database" : "Table");
        json.WriteString("CatalogId", catalogId);
        if (table is not null) json.WriteString("DatabaseName", database);
        json.WriteString("Name", table ?? database);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
