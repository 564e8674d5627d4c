import { diskUseIn } from '../../../src/docker/disk-use';

// As the lab's engines answer GET /system/df, shortened.
test('Engine 29 counts by itself, and leaves out what is 0', () => {
  const images = { Items: [{}, {}], TotalCount: 2, TotalSize: 5_129_974, Reclaimable: 1 };
  const lists = { Images: [{ Size: 1 }], LayersSize: 3, BuildCache: [{ Size: 9 }] };
  expect(diskUseIn({ ...lists, ImageUsage: images, BuildCacheUsage: { TotalSize: 3_156_046 } })).toEqual({
    images: 2,
    imagesBytes: 5_129_974,
    cacheBytes: 3_156_046,
  });
  expect(diskUseIn({ ImageUsage: {}, BuildCacheUsage: {} })).toEqual({ images: 0, imagesBytes: 0, cacheBytes: 0 });
});

test('Engine 20.10 tells the sizes of all layers and of the cache', () => {
  const said = { LayersSize: 5_129_974, Images: [{ Size: 5 }, { Size: 6 }], BuildCache: [{ Size: 1 }], BuilderSize: 7 };
  expect(diskUseIn(said)).toEqual({ images: 2, imagesBytes: 5_129_974, cacheBytes: 7 });
});

test("Engine 28 tells the records of the cache; those that are an image's too are counted there", () => {
  const said = { LayersSize: 10, Images: [{}], BuildCache: [{ Size: 4 }, { Size: 3, Shared: true }, { Size: 2 }] };
  expect(diskUseIn(said)).toEqual({ images: 1, imagesBytes: 10, cacheBytes: 6 });
});

test("a daemon that tells less: the images' own sizes, and no word of a cache", () => {
  expect(diskUseIn({ Images: [{ Size: 4 }, { Size: 5 }, 'x'] })).toEqual({
    images: 2,
    imagesBytes: 9,
    cacheBytes: undefined,
  });
  expect(diskUseIn({})).toEqual({ images: 0, imagesBytes: 0, cacheBytes: undefined });
});
