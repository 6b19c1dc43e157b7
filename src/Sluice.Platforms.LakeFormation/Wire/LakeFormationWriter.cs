using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace Sluice.Platforms.LakeFormation.Wire;

/// <summary>The writing calls of Lake Formation. CatalogId is given on each.</summary>
internal sealed class LakeFormationWriter(AwsClient aws, string catalogId)
{
    /// <summary>The account whose catalog it is.</summary>
    public string CatalogId => catalogId;

    /// <summary>Grants at most 20 entries; answers what failed, by place.</summary>
    public Task<IReadOnlyDictionary<int, PlatformException>> BatchGrantAsync(IReadOnlyList<LakePermission> entries, CancellationToken cancellationToken) =>
        aws.CallAsync("BatchGrantPermissions", Batch(entries), FailureReading.OfEntries, cancellationToken);

    /// <summary>Revokes at most 20 entries; answers what failed, by place.</summary>
    public Task<IReadOnlyDictionary<int, PlatformException>> BatchRevokeAsync(IReadOnlyList<LakePermission> entries, CancellationToken cancellationToken) =>
        aws.CallAsync("BatchRevokePermissions", Batch(entries), FailureReading.OfEntries, cancellationToken);

    public async Task CreateLFTagAsync(LFTag tag, CancellationToken cancellationToken)
    {
        using var answer = await aws.CallAsync(
            "CreateLFTag",
            Body(json =>
            {
                json.WriteString("TagKey", tag.Key);
                PermissionWriting.Write(json, "TagValues", tag.Values);
            }),
            cancellationToken);
    }

    /// <summary>Adds or deletes at most 50 values.</summary>
    public async Task UpdateLFTagAsync(string key, IReadOnlyList<string> added, IReadOnlyList<string> deleted, CancellationToken cancellationToken)
    {
        using var answer = await aws.CallAsync(
            "UpdateLFTag",
            Body(json =>
            {
                json.WriteString("TagKey", key);
                if (deleted.Count > 0) PermissionWriting.Write(json, "TagValuesToDelete", deleted);
                if (added.Count > 0) PermissionWriting.Write(json, "TagValuesToAdd", added);
            }),
            cancellationToken);
    }

    /// <summary>Deletes an LF-Tag; what carries it carries it no more.</summary>
    public async Task DeleteLFTagAsync(string key, CancellationToken cancellationToken)
    {
        using var answer = await aws.CallAsync("DeleteLFTag", Body(json => json.WriteString("TagKey", key)), cancellationToken);
    }

    /// <summary>Assigns a value to a table or to columns of it; one of the same key is replaced.</summary>
    /// <exception cref="PlatformException">AWS refused, the whole call or the tag.</exception>
    public Task AssignAsync(LakeResource resource, LFTag tag, CancellationToken cancellationToken) => ChangeTagAsync("AddLFTagsToResource", resource, tag, cancellationToken);

    /// <summary>Takes a value off; a value other than the one that is assigned stays.</summary>
    /// <exception cref="PlatformException">AWS refused, the whole call or the tag.</exception>
    public Task TakeOffAsync(LakeResource resource, LFTag tag, CancellationToken cancellationToken) => ChangeTagAsync("RemoveLFTagsFromResource", resource, tag, cancellationToken);

    private async Task ChangeTagAsync(string operation, LakeResource resource, LFTag tag, CancellationToken cancellationToken)
    {
        var body = Body(json =>
        {
            json.WriteStartObject("Resource");
            PermissionWriting.Write(json, resource, catalogId);
            json.WriteEndObject();
            PermissionWriting.Write(json, "LFTags", [tag]);
        });
        if (await aws.CallAsync(operation, body, FailureReading.OfTags, cancellationToken) is { } failure) throw failure;
    }

    private byte[] Batch(IReadOnlyList<LakePermission> entries) => Body(json =>
    {
        json.WriteStartArray("Entries");
        for (var i = 0; i < entries.Count; i++) PermissionWriting.Write(json, entries[i], catalogId, i.ToString(CultureInfo.InvariantCulture));
        json.WriteEndArray();
    });

    private byte[] Body(Action<Utf8JsonWriter> members)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("CatalogId", catalogId);
            members(json);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }
}
