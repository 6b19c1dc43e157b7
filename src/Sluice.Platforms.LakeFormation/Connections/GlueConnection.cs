using System.Text.Json;

namespace Sluice.Platforms.LakeFormation.Connections;

/// <summary>A stored <c>connection</c> object of technology Glue, read back.</summary>
internal sealed record GlueConnection
{
    /// <summary>The two documented values of <c>authenticationType</c>.</summary>
    public const string AccessKey = "accessKey";

    /// <inheritdoc cref="AccessKey"/>
    public const string AssumedRole = "assumedRole";

    /// <summary>The member that holds the secret.</summary>
    public const string SecretAccessKey = "secretAccessKey";

    /// <summary>Where the catalog lies.</summary>
    public required AwsRegion Region { get; init; }

    /// <summary>The account whose Data Catalog it is: the CatalogId of every call.</summary>
    public required string AccountId { get; init; }

    /// <summary>With <see cref="AccessKey"/>: not a secret, shown as it is.</summary>
    public string? AccessKeyId { get; init; }

    /// <summary>With <see cref="AssumedRole"/>.</summary>
    public RoleArn? RoleArn { get; init; }

    /// <summary>The endpoints that are not AWS's public ones.</summary>
    public IReadOnlyDictionary<AwsService, Uri> Endpoints { get; init; } = new Dictionary<AwsService, Uri>();

    /// <summary>How it authenticates.</summary>
    public string AuthenticationType => RoleArn is null ? AccessKey : AssumedRole;

    /// <summary>Where a service is reached.</summary>
    public Uri EndpointOf(AwsService service) => Endpoints.GetValueOrDefault(service) ?? Region.EndpointOf(service);

    /// <summary>
    /// Where the secret goes. The access key's id is not in it: a rotation changes id and secret together, which
    /// <see cref="GlueConnectionReader"/> sees to by itself.
    /// </summary>
    public string SecretDestination => string.Join(
        '|',
        [
            "Glue", AuthenticationType, Region.Name, AccountId, RoleArn?.Text ?? "",
            .. AwsServices.All.Select(s => EndpointOf(s).AbsoluteUri),
        ]);

    /// <summary>The canonical document: documented members in the documented order, no secret.</summary>
    public JsonElement ToDocument()
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteString("technology", "Glue");
            json.WriteString("authenticationType", AuthenticationType);
            json.WriteString("region", Region.Name);
            json.WriteString("accountId", AccountId);
            if (AccessKeyId is not null) json.WriteString("accessKeyId", AccessKeyId);
            if (RoleArn is not null) json.WriteString("roleARN", RoleArn.Text);
            if (Endpoints.Count > 0)
            {
                json.WriteStartObject("endpoints");
                foreach (var service in AwsServices.All)
                    if (Endpoints.TryGetValue(service, out var endpoint)) json.WriteString(service.Name(), endpoint.AbsoluteUri);
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        return JsonElement.Parse(stream.GetBuffer().AsSpan(0, (int)stream.Length));
    }

    /// <summary>Reads what <see cref="ToDocument"/> wrote.</summary>
    /// <exception cref="InvalidOperationException">The document was not written by it.</exception>
    public static GlueConnection FromDocument(JsonElement document)
    {
        var endpoints = new Dictionary<AwsService, Uri>();
        if (document.TryGetProperty("endpoints", out var stored))
        {
            foreach (var service in AwsServices.All)
                if (stored.TryGetProperty(service.Name(), out var endpoint)) endpoints[service] = new Uri(endpoint.GetString()!);
        }

        return new GlueConnection
        {
            Region = AwsRegion.Parse(Text("region")!) ?? throw new InvalidOperationException("The stored region is none."),
            AccountId = Text("accountId") ?? throw new InvalidOperationException("The stored connection has no accountId."),
            AccessKeyId = Text("accessKeyId"),
            RoleArn = Text("roleARN") is { } arn ? RoleArn.Parse(arn) : null,
            Endpoints = endpoints,
        };

        string? Text(string name) => document.TryGetProperty(name, out var value) ? value.GetString() : null;
    }
}
