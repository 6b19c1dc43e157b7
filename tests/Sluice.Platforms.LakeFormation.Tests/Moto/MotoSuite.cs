namespace Sluice.Platforms.LakeFormation.Tests.Moto;

/// <summary>The tests that need moto, or the libraries that come with it: one moto, one test after the other.</summary>
[CollectionDefinition(Name)]
public sealed class MotoSuite : ICollectionFixture<MotoServer>
{
    public const string Name = "moto";
}
