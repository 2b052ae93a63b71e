"""Images: resizing keeps the channels, the rest is preparation of inputs."""

from tensorflow.python.framework.ops import Tensor, _shaped


def resize(images, size, method=0, align_corners=False, preserve_aspect_ratio=False, name=None): return _shaped(images)
def resize_images(images, size, method=0, align_corners=False, preserve_aspect_ratio=False, name=None): return _shaped(images)
def resize_bilinear(images, size, align_corners=False, name=None, half_pixel_centers=False): return _shaped(images)
def resize_nearest_neighbor(images, size, align_corners=False, name=None, half_pixel_centers=False): return _shaped(images)
def resize_image_with_crop_or_pad(image, target_height, target_width): return _shaped(image)
def crop_and_resize(image, boxes, box_ind=None, crop_size=None, method='bilinear', extrapolation_value=0, name=None,
                    box_indices=None): return _shaped(image)
def per_image_standardization(image): return _shaped(image)
def random_flip_left_right(image, seed=None): return _shaped(image)
def random_brightness(image, max_delta, seed=None): return _shaped(image)
def random_contrast(image, lower, upper, seed=None): return _shaped(image)
def convert_image_dtype(image, dtype, saturate=False, name=None): return _shaped(image)
