namespace Sluice.Platforms.LakeFormation.Connections;

/// <summary>A region and what follows from its name.</summary>
internal sealed record AwsRegion(string Name, AwsPartition Partition)
{
    /// <summary>Reads a region's name; null when it is none. A region newer than this list is still known by its shape.</summary>
    public static AwsRegion? Parse(string name) => AwsPartition.Of(name) is { } partition ? new AwsRegion(name, partition) : null;

    /// <summary>The public endpoint of a service.</summary>
    public Uri EndpointOf(AwsService service) => new($"https://{service.Name()}.{Name}.{Partition.DnsSuffix}");

    /// <summary>
    /// The hosts at which AWS itself answers for a service in this region: the public one, FIPS, dual stack, and interface endpoints of a
    /// VPC. Narrower than the partition's domain, below which customers have hosts too (load balancers, buckets).
    /// </summary>
    public IReadOnlyList<string> HostsOf(AwsService service) =>
    [
        $"{service.Name()}.{Name}.{Partition.DnsSuffix}",
        $"{service.Name()}-fips.{Name}.{Partition.DnsSuffix}",
        $"{service.Name()}.{Name}.vpce.{Partition.DnsSuffix}",
        $"{service.Name()}.{Name}.{Partition.DualStackSuffix}",
        $"{service.Name()}-fips.{Name}.{Partition.DualStackSuffix}",
    ];
}
