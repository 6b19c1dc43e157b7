namespace Sluice.Platforms.LakeFormation.Connections;

/// <summary>The AWS services a connection talks to.</summary>
internal enum AwsService
{
    Glue,
    LakeFormation,
    Sts,
}

/// <summary>Facts about the services.</summary>
internal static class AwsServices
{
    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<AwsService> All = [AwsService.Glue, AwsService.LakeFormation, AwsService.Sts];

    /// <summary>The name in host names, in the signature's scope and in <c>connection.endpoints</c>.</summary>
    public static string Name(this AwsService service) => service switch
    {
        AwsService.Glue => "glue",
        AwsService.LakeFormation => "lakeformation",
        _ => "sts",
    };
}
